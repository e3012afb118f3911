/// What a project wants kept out of its store: a plain value, read from JSON, compiled into a `RedactionProgram`.
package struct RedactionRules: Equatable, Sendable {
    package enum Mode: String, Equatable, Sendable, CaseIterable {
        /// Everything is kept but what the rules name.
        case full
        /// No payload at all: models, tokens, costs, ids, times and statuses stay.
        case metadataOnly = "metadata_only"
    }

    package enum KeyAction: String, Equatable, Sendable, CaseIterable {
        case drop, hash
    }

    /// What happens to attributes whose key fits a glob; of several rules that fit the first counts.
    package struct KeyRule: Equatable, Sendable {
        package var glob: Glob
        package var action: KeyAction

        package init(glob: Glob, action: KeyAction) {
            self.glob = glob
            self.action = action
        }
    }

    /// Text that is masked wherever it stands.
    package struct PatternRule: Equatable, Sendable {
        package enum Form: Equatable, Sendable {
            case builtIn(SensitivePattern)
            case custom(name: String, CustomPattern)
        }

        package var form: Form
        /// Nil: the rule's name in brackets.
        package var replacement: String?

        package init(form: Form, replacement: String? = nil) {
            self.form = form
            self.replacement = replacement
        }

        package var name: String {
            switch form {
            case .builtIn(let pattern): pattern.rawValue
            case .custom(let name, _): name
            }
        }

        package var mask: String { replacement ?? "[\(name)]" }
    }

    package var mode: Mode
    package var keys: [KeyRule]
    package var patterns: [PatternRule]

    package init(mode: Mode = .full, keys: [KeyRule] = [], patterns: [PatternRule] = []) {
        self.mode = mode
        self.keys = keys
        self.patterns = patterns
    }

    /// No rule: what is received is stored.
    package var isEmpty: Bool { mode == .full && keys.isEmpty && patterns.isEmpty }
}

/// What rules count under in `/metrics`: a fixed set, whatever rules the projects have.
package enum RedactionKind: String, Sendable, CaseIterable, Hashable {
    case droppedKey = "key_drop"
    case hashedKey = "key_hash"
    /// An attribute that "metadata only" leaves out because its key is known to hold a payload.
    case payload
    /// A value that "metadata only" leaves out because it is long.
    case longValue = "long_value"
    case email, card, phone, ip
    case apiKey = "api_key"
    case custom
    /// A text masked whole because a regular expression needed too many steps on it.
    case stepLimit = "step_limit"
    /// A refused span of which only reason and size were kept because its bytes could not be read.
    case unreadable
}
