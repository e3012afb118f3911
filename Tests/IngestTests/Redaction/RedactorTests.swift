import ByteCoding
import Dispatch
import OTLP
import SpanStore
import Testing
import TraceModel

@testable import GenAIConventions
@testable import Ingest

@Suite("Redacting requests")
struct RedactorTests {
    static let salt = Array("0123456789abcdef".utf8)

    static func program(_ rules: String) throws -> RedactionProgram {
        RedactionProgram(try RedactionRules(json: Array(rules.utf8)), salt: salt)
    }

    static func span(_ attributes: [KeyValue], name: String = "chat") -> SpanRecord {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: name, startTimeUnixNano: 1_790_000_000_000_000_000,
            endTimeUnixNano: 1_790_000_001_000_000_000)
        span.attributes = attributes
        return span
    }

    /// What is kept of a span, by protobuf and by JSON; both must be the same.
    static func kept(_ span: SpanRecord, _ rules: String) throws -> SpanRecord {
        let program = try program(rules)
        let protobuf = try Redactor(program: program).redact(
            ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode([span])), .protobuf, now: 1)
        let json = try Redactor(program: program).redact(
            ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode([span])), .json, now: 1)
        let record = try #require(try protobuf.batch.records().first)
        #expect(try json.batch.records().first == record)
        #expect(json.counts == protobuf.counts)
        return record
    }

    static func texts(_ attributes: [KeyValue]) -> [String] {
        attributes.map { attribute in if case .string(let text) = attribute.value { "\(attribute.key)=\(text)" } else { attribute.key } }
    }

    @Test("keys are dropped and hashed by glob, the first rule that fits counts, members of maps go by their path")
    func keys() throws {
        let rules =
            #"{"keys":[{"glob":"user.id","action":"hash"},{"glob":"user.*","action":"drop"},{"glob":"order.customer.*","action":"drop"}]}"#
        let span = Self.span([
            KeyValue("user.id", .string("ada")), KeyValue("user.name", .string("Ada")), KeyValue("other", .string("x")),
            KeyValue(
                "order", .keyValueList([KeyValue("id", .int(1)), KeyValue("customer", .keyValueList([KeyValue("tax", .string("9"))]))])),
        ])
        let kept = try Self.kept(span, rules)
        #expect(kept.attributes.map(\.key) == ["user.id", "other", "order"])
        guard case .string(let digest) = kept.attributes[0].value else { throw CancellationError() }
        #expect(digest.hasPrefix("hash:") && digest.utf8.count == 37)
        #expect(kept.attributes[2].value == .keyValueList([KeyValue("id", .int(1)), KeyValue("customer", .keyValueList([]))]))
    }

    @Test("a digest is the same for equal values, another under another salt, and stays what it is when it comes again")
    func digests() throws {
        let rules = #"{"keys":[{"glob":"id","action":"hash"}]}"#
        func digest(_ value: AttributeValue) throws -> AttributeValue? {
            try Self.kept(Self.span([KeyValue("id", value)]), rules).attributes.first?.value
        }
        let once = try #require(try digest(.string("42")))
        #expect(try digest(.string("42")) == once)
        #expect(try digest(.int(42)) == once)
        #expect(try digest(.string("43")) != once)
        #expect(try digest(once) == once)
        let other = RedactionProgram(try RedactionRules(json: Array(rules.utf8)), salt: Array("another salt, 16".utf8))
        #expect(.string(String(decoding: Array("42".utf8).withUnsafeBytes { other.digest($0) }, as: UTF8.self)) != once)
    }

    @Test("patterns reach every text: names, messages, events, links, resources, scopes, keys, nested values, bytes, integers")
    func everywhere() throws {
        let secret = "ada@example.com"
        var span = Self.span(
            [
                KeyValue("a", .string("to \(secret)")),
                KeyValue("b", .array([.string(secret), .keyValueList([KeyValue("c", .string(secret))])])),
                KeyValue("d", .bytes(Array(secret.utf8))), KeyValue("e", .string(#"{"to":"\n\#(secret)"}"#)),
                KeyValue("f \(secret)", .bool(true)),
                KeyValue("g", .int(4_111_111_111_111_111)), KeyValue("h", .keyValueList([KeyValue(secret, .int(1))])),
            ], name: "call \(secret)")
        span.traceState = "x=\(secret)"
        span.status = .init(code: 2, message: "failed for \(secret)")
        span.events = [.init(timeUnixNano: 1, name: secret, attributes: [KeyValue("m", .string(secret))], droppedAttributesCount: 0)]
        span.links = [
            .init(
                traceID: TraceID(high: 1, low: 9), spanID: SpanID(rawValue: 9), traceState: secret,
                attributes: [KeyValue("l", .string(secret))],
                droppedAttributesCount: 0, flags: 1)
        ]
        span.resource = .init(
            encoded: ResourceEncoder.encode(
                DecodedResource(
                    attributes: [KeyValue("host.ip", .string(secret))],
                    entityRefs: [.init(schemaURL: secret, type: secret, idKeys: [secret])])),
            schemaURL: secret)
        span.scope = .init(
            encoded: ScopeEncoder.encode(DecodedScope(name: secret, version: secret, attributes: [KeyValue("s", .string(secret))])),
            schemaURL: secret)
        let program = try Self.program(#"{"patterns":[{"builtin":"email"},{"builtin":"card"}]}"#)
        let redacted = try Redactor(program: program).redact(
            ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode([span])), .protobuf, now: 1)
        let text = String(decoding: redacted.batch.bytes, as: UTF8.self)
        #expect(!text.contains("ada@") && !text.contains("example.com"))
        #expect(redacted.counts.byKind[.email] == 23)
        #expect(redacted.counts.byKind[.card] == 1)
        let kept = try Self.kept(span, #"{"patterns":[{"builtin":"email"},{"builtin":"card"}]}"#)
        #expect(kept.name == "call [email]")
        #expect(kept.attributes[3].value == .string(#"{"to":"\n[email]"}"#))
        #expect(kept.attributes[5].value == .string("[card]"))
        #expect(kept.links.first?.spanID == SpanID(rawValue: 9))
    }

    @Test("metadata only keeps models, tokens, costs, ids, times and statuses, and no payload of any convention")
    func metadataOnly() throws {
        let long = String(repeating: "x", count: 1025)
        let payload = MappingRules.all.filter { $0.field == .input || $0.field == .output }.map { rule -> String in
            switch rule.key {
            case .exact(let key), .member(let key, _): key
            case .indexed(let prefix, let suffix): "\(prefix).0\(suffix.isEmpty ? ".x" : "." + suffix)"
            case .errorEvent(_, let key): key
            case .spanName: "name"
            }
        }
        // Of an attribute that has more than the field a rule takes from it, nothing is kept.
        let metadata = MappingRules.all.filter { $0.field != .input && $0.field != .output }.compactMap(\.key.attributeKey)
            .filter { $0 != "llm.invocation_parameters" }
        #expect(!payload.isEmpty)
        var span = Self.span(
            payload.map { KeyValue($0, .string("PAYLOAD")) } + Set(metadata).sorted().map { KeyValue($0, .string("kept")) } + [
                KeyValue("anything", .string(long)), KeyValue("list", .array([.string(long)])), KeyValue("blob", .bytes(Array(long.utf8))),
                KeyValue("gen_ai.system_instructions", .string("PAYLOAD")), KeyValue("ai.prompt.messages", .string("PAYLOAD")),
                KeyValue("langfuse.observation.input", .string("PAYLOAD")), KeyValue("mlflow.spanInputs", .string("PAYLOAD")),
                KeyValue("traceloop.entity.output", .string("PAYLOAD")),
            ])
        span.status = .init(code: 2, message: long)
        span.events = [
            .init(
                timeUnixNano: 1, name: "gen_ai.user.message", attributes: [KeyValue("content", .string("PAYLOAD"))],
                droppedAttributesCount: 0)
        ]
        let kept = try Self.kept(span, #"{"mode":"metadata_only"}"#)
        #expect(kept.attributes.map(\.key) == Set(metadata).sorted())
        #expect(kept.status == .init(code: 2, message: ""))
        #expect(kept.events.first?.attributes == [])
        #expect(kept.startTimeUnixNano == span.startTimeUnixNano)
    }

    @Test("a regular expression masks what it finds; where it takes too many steps the whole text goes")
    func customPatterns() throws {
        let rules = #"{"patterns":[{"name":"badge","regex":"EMP-\\d{6}"},{"name":"slow","regex":"(a|aa)+[ab]{200}c"}]}"#
        let kept = try Self.kept(Self.span([KeyValue("a", .string("is EMP-123456 or EMP-654321?"))]), rules)
        #expect(kept.attributes.first?.value == .string("is [badge] or [badge]?"))
        var random = PlantedValues()
        let bad = random.text(of: "ab", 40_000...40_000)
        let masked = try Self.kept(Self.span([KeyValue("a", .string(bad))]), rules)
        #expect(masked.attributes.first?.value == .string("[redacted]"))
    }

    @Test("refused spans are redacted too, and what cannot be read is not kept")
    func rejected() throws {
        let program = try Self.program(#"{"patterns":[{"builtin":"email"}],"keys":[{"glob":"secret","action":"drop"}]}"#)
        let json =
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"ada@example.com","spanId":"0000000000000001","name":"for ada@example.com","#
            + #""attributes":[{"key":"secret","value":{"stringValue":"hidden"}},{"key":"x","value":{"stringValue":"ada@example.com"}}],"#
            + #""unknown":{"deep":"ada@example.com"}}]}]}]}"#
        let batch = try ExportTraceRequestDecoder.decodeJSON(Array(json.utf8))
        #expect(batch.rejections.count == 1)
        let redacted = try Redactor(program: program).redact(batch, .json, now: 1)
        let kept = try #require(redacted.rejected.first)
        #expect(
            String(decoding: kept.source, as: UTF8.self)
                == #"{"traceId":"[email]","spanId":"0000000000000001","name":"for [email]","attributes":[{"key":"x","value":{"stringValue":"[email]"}}]}"#
        )
        #expect(kept.isRedacted && redacted.batch.spanCount == 0)

        // A span message that ends in the middle of its name.
        let name = Array("ada@example.com".utf8)
        let broken: [UInt8] = [5 << 3 | 2, 200] + name
        let scope: [UInt8] = [2 << 3 | 2, UInt8(broken.count)] + broken
        let resource: [UInt8] = [2 << 3 | 2, UInt8(scope.count)] + scope
        let second = try Redactor(program: program).redact(
            ExportTraceRequestDecoder.decodeProtobuf([1 << 3 | 2, UInt8(resource.count)] + resource), .protobuf, now: 1)
        let unreadable = try #require(second.rejected.first)
        #expect(unreadable.source.isEmpty && unreadable.sourceByteCount == broken.count && unreadable.reason == "malformed")
        #expect(second.counts.byKind[.unreadable] == 1)
    }

    @Test("requests that differ only in what is taken out stay different, equal ones stay equal")
    func identity() throws {
        let program = try Self.program(#"{"keys":[{"glob":"*","action":"drop"}]}"#)
        func encoded(_ text: String) throws -> [UInt8] {
            let body = ExportTraceRequestEncoder.encode([Self.span([KeyValue("a", .string(text))])])
            return try Redactor(program: program).redact(ExportTraceRequestDecoder.decodeProtobuf(body), .protobuf, now: 1).batch.bytes
        }
        #expect(try encoded("one") == encoded("one"))
        #expect(try encoded("one") != encoded("two"))
    }

    @Test("the preview shows a pasted span as it would be kept, and what applied")
    func preview() throws {
        let program = try Self.program(#"{"patterns":[{"builtin":"email"}]}"#)
        let preview = try RedactionPreview(of: Array(#"{"name":"mail ada@example.com","kind":3}"#.utf8), under: program)
        #expect(String(decoding: preview.span, as: UTF8.self) == #"{"name":"mail [email]","kind":3}"#)
        #expect(preview.counts.byRule == ["email": 1])
        #expect(throws: IngestError.self) { try RedactionPreview(of: Array("[]".utf8), under: program) }
        #expect(throws: IngestError.self) { try RedactionPreview(of: Array("{".utf8), under: program) }
    }

    @Test("rules that are tried hash under a salt of their own: neither the project's nor that of the trial before")
    func trialSalt() throws {
        let rules = try RedactionRules(json: Array(#"{"keys":[{"glob":"*","action":"hash"}]}"#.utf8))
        let span = Array(#"{"attributes":[{"key":"user.phone","value":{"stringValue":"+491711234567"}}]}"#.utf8)
        let programs = [RedactionProgram(rules, salt: Self.salt), RedactionProgram(trying: rules), RedactionProgram(trying: rules)]
        #expect(Set(try programs.map { try RedactionPreview(of: span, under: $0).span }).count == 3)
    }

    @Test("a preview of a longer text than somebody would paste is refused")
    func longPreview() throws {
        let program = try Self.program(#"{"patterns":[{"builtin":"email"}]}"#)
        let name = String(repeating: "a", count: RedactionLimits.maximumPreviewByteCount)
        #expect(throws: IngestError.self) { try RedactionPreview(of: Array(#"{"name":"\#(name)"}"#.utf8), under: program) }
    }

    @Test("many costly texts of one request cost no more than a request may: later ones are masked whole")
    func requestBudget() throws {
        let program = try Self.program(#"{"patterns":[{"name":"costly","regex":"a+b|^a"}]}"#)
        let texts = (0..<60).map { KeyValue("k\($0)", .string(String(repeating: "a", count: 1_400))) }
        let cheap = KeyValue("cheap", .string("x a b"))
        let body = ExportTraceRequestEncoder.encode([Self.span(texts + [cheap])])
        let redacted = try Redactor(program: program).redact(ExportTraceRequestDecoder.decodeProtobuf(body), .protobuf, now: 1)
        let kept = try #require(try redacted.batch.records().first).attributes
        #expect(kept.prefix(60).contains { $0.value != .string("[redacted]") })
        #expect(kept.prefix(60).last?.value == .string("[redacted]"))
        #expect(kept.last == cheap)
    }

    @Test("once nobody waits for it, a redaction looks at no further text, and the request is not stored")
    func stopped() async throws {
        let program = try Self.program(#"{"patterns":[{"builtin":"email"}]}"#)
        let stop = RedactionStop()
        stop.set()
        let preview = try RedactionPreview(of: Array(#"{"name":"harmless"}"#.utf8), under: program, stop: stop)
        #expect(String(decoding: preview.span, as: UTF8.self) == #"{"name":"[redacted]"}"#)
        let threads = RedactionThreads(laneCount: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await threads.run { (stop) throws(IngestError) in stop.isSet }
        }
        await #expect(throws: IngestError.self) { try await task.value }
    }

    @Test("threads take no more work than may wait, and new work when the old is done")
    func fullThreads() async throws {
        let threads = RedactionThreads(laneCount: 1, maximumWaitingCount: 1)
        let gate = DispatchSemaphore(value: 0)
        let (began, continuation) = AsyncStream.makeStream(of: Void.self)
        async let first = threads.run { (_) throws(IngestError) in
            continuation.finish()
            gate.wait()
            return 1
        }
        for await _ in began {}
        await #expect { try await threads.run { (_) throws(IngestError) in 2 } } throws: { ($0 as? IngestError)?.code == .overloaded }
        gate.signal()
        #expect(try await first == 1)
        #expect(try await threads.run { (_) throws(IngestError) in 3 } == 3)
    }

    @Test("an older version of a project's rules never replaces a newer one")
    func rulebook() throws {
        let book = RedactionRulebook()
        let project = ProjectID(high: 1, low: 1)
        let rules = try RedactionRules(json: Array(#"{"mode":"metadata_only"}"#.utf8))
        book.replace(rules, salt: Self.salt, of: project, version: 2)
        book.replace(RedactionRules(), salt: Self.salt, of: project, version: 1)
        #expect(book.current(of: project)?.rules == rules)
        book.replace(RedactionRules(), salt: Self.salt, of: project, version: 3)
        #expect(book.current(of: project) == nil)
    }

    @Test("a number in the place of a text is filtered as the text it would be; one that belongs there is kept")
    func numbersForTexts() throws {
        let rules = #"{"patterns":[{"builtin":"card"},{"name":"extension","regex":"555[0-9]{4}"}]}"#
        let program = RedactionProgram(try RedactionRules(json: Array(rules.utf8)), salt: Array("a salt of sixteen".utf8))
        let card = "4111111111111111"
        func kept(_ json: String) throws -> String {
            var rewriter = SpanJSONRewriter(filter: RedactionPass(program))
            return String(decoding: try #require(Array(json.utf8).withUnsafeBytes { rewriter.span($0) }), as: UTF8.self)
        }
        for member in [
            #""name":CARD"#, #""traceId":CARD"#, #""traceState":CARD"#, #""status":CARD"#, #""status":{"message":CARD}"#,
            #""attributes":CARD"#,
            #""attributes":[CARD]"#, #""attributes":[{"key":"k","value":CARD}]"#,
            #""attributes":[{"key":"k","value":{"stringValue":CARD}}]"#, #""attributes":[{"key":"k","value":{"boolValue":CARD}}]"#,
            #""events":[{"name":CARD}]"#, #""events":CARD"#, #""links":[CARD]"#,
        ] {
            for number in [card, card + ".0", "5551234"] {
                let span = try kept("{" + member.replacing("CARD", with: number) + "}")
                #expect(!span.contains("4111") && !span.contains("5551234"), "\(member) \(number): \(span)")
            }
        }
        for member in [#""startTimeUnixNano":4111111111111111"#, #""kind":5551234"#, #""flags":"5551234""#] {
            #expect(try kept("{\(member)}") == "{\(member)}")
        }
        #expect(try kept(#"{"attributes":[{"key":"k","value":{"doubleValue":5551234}}]}"#).contains("5551234"))
    }
}
