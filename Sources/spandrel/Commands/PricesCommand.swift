/// `spandrel prices`: list, import LiteLLM's table, and apply prices to what is stored.

import ArgumentParser
import ByteCoding
import GenAIConventions
import NIOHTTP1
import TraceQuery

@preconcurrency import Glibc

struct PricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices", abstract: "Lists prices of models, imports LiteLLM's table of them, and applies them to what is stored.",
        subcommands: [List.self, Import.self, Reapply.self])

    /// Whose prices.
    struct OwnerOptions: ParsableArguments {
        @Option(help: "The organization whose own prices these are, by its id. (default: the installation's)")
        var organization: String?

        @Option(help: "The project whose own prices these are, by its id.")
        var project: String?

        func validate() throws {
            if organization != nil, project != nil { throw ValidationError("give --organization or --project, not both") }
            for id in [organization, project].compactMap(\.self) where !id.utf8.allSatisfy({ $0 == 0x2d || isalnum(Int32($0)) != 0 }) {
                throw ValidationError("\(id) is no id")
            }
        }

        var path: String {
            if let organization { return "/api/v1/organizations/\(organization)/prices" }
            return project.map { "/api/v1/projects/\($0)/prices" } ?? "/api/v1/prices"
        }

        var isInstallation: Bool { organization == nil && project == nil }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Shows prices: the installation's, or those of an organization or project alone.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var owner: OwnerOptions

        func run() async throws {
            output.print(
                try await server.client().json(.GET, owner.path)["data"]?.arrayValue ?? [],
                columns: [
                    "provider", "model_pattern", "effective_from", "input_per_million", "output_per_million", "cache_read_per_million",
                    "cache_write_per_million", "source",
                ])
        }
    }

    struct Reapply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reapply", abstract: "Works the costs of stored spans out anew, by the prices of today.",
            discussion: """
                Each span is priced by what held when it began. What was billed stays as it is. With --dry-run nothing is changed, and \
                what would is counted.
                """)

        @OptionGroup var options: ReapplyOptions

        func run() async throws { try await CommandText.plainly { try await options.run("prices") } }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Brings in LiteLLM's model_prices_and_context_window.json, and shows what it changes.",
            discussion: """
                Prices that are there already stay as they are, so importing the same file again changes nothing. A price that differs \
                holds from --effective-from on; calls before that keep the one they had. With --dry-run nothing is changed.
                """)

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var owner: OwnerOptions

        @Argument(help: "The file; - for standard input.")
        var file: String

        @Flag(name: .customLong("dry-run"), help: "Only show what would change.")
        var isDryRun = false

        @Option(name: .customLong("effective-from"), help: "The day from which they hold: 2026-01-31. (default: today, UTC)")
        var effectiveFrom: String?

        @Option(name: .customLong("provider"), help: "Only this provider's, by its canonical name; may be given again. (default: all)")
        var providers: [String] = []

        func run() async throws {
            let table = try read(), client = try server.client()
            let chosen = table.prices.filter { price in providers.isEmpty || price.provider.map(providers.contains) ?? false }
            let known = try await knownPrices(client)
            let changes = PriceChanges(importing: chosen, into: known)
            show(changes)
            let skipped = LiteLLMPrices.Skip.allCases.compactMap { skip in table.skipped[skip].map { "\($0) left out: \(skip.rawValue)" } }
            for line in skipped { CommandText.tell(line) }
            let new = changes.changes.count { $0.before == nil }
            CommandText.tell("\(new) new, \(changes.changes.count - new) changed, \(changes.unchangedCount) unchanged")
            if isDryRun { return CommandText.tell("nothing was changed: this was a dry run") }
            guard !changes.changes.isEmpty else { return }
            let version = try await store(changes, known, client)
            CommandText.tell("prices are of version \(version) now")
        }

        private func read() throws -> LiteLLMPrices {
            let day = try effectiveFrom.map { text in
                guard let unixNano = TimeText.unixNano(text), unixNano >= 0 else {
                    throw ValidationError("--effective-from must be a day like 2026-01-31, or a time like 2026-01-31T00:00:00Z")
                }
                return UInt64(unixNano)
            }
            let bytes = try Self.bytes(of: file)
            guard let json = try? JSONValue.parse(bytes),
                let table = LiteLLMPrices(json, effectiveFromUnixNano: day ?? Self.today(), source: Self.source)
            else { throw CommandFailure("\(file) is not LiteLLM's table of prices: an object of models, each an object") }
            return table
        }

        private static func bytes(of path: String) throws -> [UInt8] {
            let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))") }
            defer { if file != STDIN_FILENO { close(file) } }
            var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = Glibc.read(file, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))") }
                if count == 0 { return bytes }
                bytes += buffer[..<count]
                guard bytes.count <= maximumFileByteCount else {
                    throw CommandFailure("\(path) has more than \(maximumFileByteCount) bytes")
                }
            }
        }

        /// Midnight UTC.
        private static func today() -> UInt64 {
            let day: UInt64 = 86_400_000_000_000
            return UInt64(max(0, time(nil))) * 1_000_000_000 / day * day
        }

        private static let source = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"
        /// The table had 1.5 MB when this was written.
        private static let maximumFileByteCount = 64 << 20
        /// The API takes 500 at a time.
        private static let batchCount = 500

        private func knownPrices(_ client: APIClient) async throws -> [Price] {
            let listed = try await client.json(.GET, owner.path)["data"]?.arrayValue ?? []
            do throws(PriceFault) {
                var prices: [Price] = []
                for element in listed { prices.append(try Price(element, source: "") { TimeText.unixNano($0) }) }
                return prices
            } catch {
                throw CommandFailure("the server's prices cannot be read (\(error.path) \(error.message)): are both of one version?")
            }
        }

        private func store(_ changes: PriceChanges, _ known: [Price], _ client: APIClient) async throws -> Int64 {
            var version: Int64 = 0
            if owner.isInstallation {
                let prices = changes.changes.map(\.price)
                for start in stride(from: 0, to: prices.count, by: Self.batchCount) {
                    let part = prices[start..<min(start + Self.batchCount, prices.count)]
                    version = try await client.json(.POST, owner.path, body: Self.body(part))["version"]?.integerValue ?? 0
                }
            } else {
                let all = changes.applied(to: known)
                version = try await client.json(.PUT, owner.path, body: Self.body(all[...]))["version"]?.integerValue ?? 0
            }
            return version
        }

        private static func body(_ prices: ArraySlice<Price>) throws -> JSONValue {
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("prices")
            writer.beginArray()
            for price in prices { writer.price(price) { TimeText.rfc3339($0) } }
            writer.endArray()
            writer.endObject()
            return try JSONValue.parse(writer.bytes).withoutNulls
        }

        private func show(_ changes: PriceChanges) {
            output.print(
                changes.changes.map { change in
                    func text(_ kind: TokenKind) -> JSONValue {
                        let now = change.price.rates[kind], before = change.before?.rates[kind]
                        switch (before, now) {
                        case (nil, nil): return .null
                        case (nil, let now?): return .string("\(now)")
                        case (let before, let now) where before == now: return .string("\(now ?? 0)")
                        case (let before?, let now): return .string("\(before) -> \(now.map { "\($0)" } ?? "none")")
                        }
                    }
                    return .object([
                        JSONMember(key: "change", value: .string(change.before == nil ? "new" : "changed")),
                        JSONMember(key: "provider", value: change.price.provider.map { .string($0) } ?? .null),
                        JSONMember(key: "model_pattern", value: .string(change.price.modelPattern)),
                        JSONMember(key: "input_per_million", value: text(.input)),
                        JSONMember(key: "output_per_million", value: text(.output)),
                        JSONMember(key: "cache_read_per_million", value: text(.cacheRead)),
                        JSONMember(key: "tiers", value: .integer(Int64(change.price.tiers.count))),
                    ])
                },
                columns: [
                    "change", "provider", "model_pattern", "input_per_million", "output_per_million", "cache_read_per_million", "tiers",
                ])
        }
    }
}

extension JSONValue {
    /// Without the members that are null, at any depth: bodies are a third as long.
    fileprivate var withoutNulls: JSONValue {
        switch self {
        case .object(let members):
            .object(members.filter { !$0.value.isNull }.map { JSONMember(key: $0.key, value: $0.value.withoutNulls) })
        case .array(let values): .array(values.map(\.withoutNulls))
        default: self
        }
    }
}
