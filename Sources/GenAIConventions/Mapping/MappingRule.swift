import TraceModel

/// One line of the mapping: an attribute, the field it may fill, and how its value is read.
///
/// The rules of a field are ordered; of those whose attribute is present with a usable value, the first one fills the
/// field. A value that cannot be read as the rule says counts as absent, so that the next rule gets its turn.
package struct MappingRule: Hashable, Sendable {
    package var field: LLMField
    package var key: KeyPattern
    package var reading: Reading
    package var dialect: Dialect
    /// Where this attribute counts otherwise than its dialect does.
    package var usage: UsageRule?

    package init(_ field: LLMField, _ key: KeyPattern, _ reading: Reading, _ dialect: Dialect, usage: UsageRule? = nil) {
        self.field = field
        self.key = key
        self.reading = reading
        self.dialect = dialect
        self.usage = usage
    }

    /// Which attributes a rule is about.
    package enum KeyPattern: Hashable, Sendable {
        case exact(String)
        /// A member of an attribute that holds an object, as a map or as JSON in a string: the names from the outside in.
        case member(String, [String])
        /// `prefix.N` and, unless `suffix` is empty, exactly `.suffix` behind it; with an empty suffix, anything.
        /// N is a decimal number. Flattened lists of messages look like this.
        case indexed(prefix: String, suffix: String)
        /// An attribute of the span's last event of that name, looked at only when the span's status is an error.
        case errorEvent(name: String, key: String)
        /// The span's own name.
        case spanName

        package var description: String {
            switch self {
            case .exact(let key): key
            case .member(let key, let path): "\(key): \(path.joined(separator: "."))"
            case .indexed(let prefix, let suffix): suffix.isEmpty ? "\(prefix).N.*" : "\(prefix).N.\(suffix)"
            case .errorEvent(let name, let key): "event \(name): \(key)"
            case .spanName: "the span's name"
            }
        }

        /// The attribute's key where it is one.
        package var attributeKey: String? {
            switch self {
            case .exact(let key), .member(let key, _): key
            case .indexed, .errorEvent, .spanName: nil
            }
        }
    }

    /// How a value becomes the field's. None of them fails: what does not fit is absent.
    package enum Reading: Hashable, Sendable {
        /// A non-empty string as it stands; numbers as their decimal text.
        case text
        /// As `text`, for spans that are tools by their kind and have no better name.
        case toolText
        /// Text, folded to one spelling by `ProviderNames`; the API behind its last dot (`mistral.chat`) is dropped where what stands
        /// before it is a known name and the whole is none.
        case provider
        /// As `provider`, and the API is dropped behind unknown names too.
        case providerAndAPI
        /// A name of that vocabulary, in any case. Unknown names are absent.
        case kind(KindVocabulary)
        /// Any non-empty value means this kind.
        case presence(LLMKind)
        /// A level that says the span failed: the name ERROR, or Logfire's numbers from 17. The field becomes `_OTHER`.
        case errorLevel
        /// The field refers to this attribute; the value is not copied.
        case reference
        /// A count of tokens: an integer, a double or a string with an integral value from 0.
        case count
        /// US dollars from 0: a double, an integer or a string.
        case amount
        /// US dollars by kind of token, the members of an object: their sum, without a total that stands among them.
        case amountMembers
        /// As `amount`; the parts of a field are added up (`CostParts`). Parts come last among the rules of their field, and are of one
        /// convention.
        case amountPart(CostParts.Part)
        /// The name of a service tier: `default` and `standard`, `batch`, `flex`, `priority`. Other names are absent.
        case serviceTier
        /// A string array, a JSON array in a string, or a comma-separated string.
        case tags

        package var description: String {
            switch self {
            case .text: "text"
            case .toolText: "text, of tools"
            case .provider: "provider name"
            case .providerAndAPI: "provider name and API"
            case .kind(let vocabulary): "kind (\(vocabulary.rawValue))"
            case .presence(let kind): "present: \(kind.name)"
            case .errorLevel: "level of an error"
            case .reference: "reference"
            case .count: "count"
            case .amount: "USD"
            case .amountMembers: "USD, members added up"
            case .amountPart(let part): part.isDetail ? "USD, added up where its sum is absent" : "USD, added up"
            case .serviceTier: "service tier"
            case .tags: "list of tags"
            }
        }

        /// Whether several attributes may fill the field together.
        package var isPart: Bool {
            if case .amountPart = self { true } else { false }
        }
    }
}

/// Whose convention a rule follows. It decides how usage is counted.
package enum Dialect: String, CaseIterable, Sendable {
    case langfuse = "Langfuse"
    /// OpenTelemetry's semantic conventions as they stand today.
    case openTelemetry = "OpenTelemetry"
    /// Names OpenTelemetry used before and instrumentations still send.
    case openTelemetryDeprecated = "OpenTelemetry, older"
    case openInference = "OpenInference"
    /// OpenLLMetry.
    case traceloop = "Traceloop"
    case vercel = "Vercel AI SDK"
    /// Logfire and Pydantic AI.
    case logfire = "Logfire"
    case mlflow = "MLflow"
    case langSmith = "LangSmith"
    /// Names that gateways and frameworks put into the `gen_ai` namespace.
    case genAIExtension = "gen_ai extension"

    /// Whether it writes texts as JSON (`"\"LLM\""`): MLflow all of them, Langfuse some.
    var quotesTexts: Bool { self == .mlflow || self == .langfuse }
}
