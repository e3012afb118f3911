import ByteCoding
import Ingest
import Testing
import TraceModel

@testable import HTTPAPI

/// Bodies of Langfuse's, read.
@Suite("Langfuse's events")
struct LangfuseEventTests {
    private func read(_ texts: [String]) throws -> [Result<LangfuseEvent.Content, LangfuseFault>] {
        var reader = LangfuseEventReader(resource: SpanRecord.Resource(), scope: SpanRecord.Scope(), now: 1)
        return try texts.map { text in
            let event = try JSONValue.parse(text)
            do throws(LangfuseFault) { return .success(try reader.read(event, id: "e")) } catch { return .failure(error) }
        }
    }

    private func change(_ type: String, _ body: String) throws -> SpanChange {
        let event = #"{"id":"e","type":"\#(type)","timestamp":"2026-11-22T10:00:00.000Z","body":\#(body)}"#
        guard case .success(.change(let change)) = try read([event])[0] else { throw CancellationError() }
        return change
    }

    private func texts(_ change: SpanChange) -> [String: String] {
        var texts: [String: String] = [:]
        for attribute in change.said.attributes {
            switch attribute.value {
            case .string(let text): texts[attribute.key] = text
            case .int(let number): texts[attribute.key] = "\(number)"
            default: texts[attribute.key] = "\(attribute.value)"
            }
        }
        return texts
    }

    @Test("ids of OpenTelemetry are themselves, UUIDs of traces their digits, other texts one id each")
    func ids() {
        let hex = "0af7651916cd43dd8448eb211c80319c", uuid = "0AF76519-16cd-43dd-8448-eb211c80319c"
        #expect(LangfuseIDs.trace(hex).hex == hex && LangfuseIDs.trace(uuid).hex == hex)
        for text in ["my trace", String(repeating: "0", count: 32), "", "0af7651916cd43dd8448eb211c80319"] {
            #expect(
                LangfuseIDs.trace(text) == LangfuseIDs.trace(text) && !LangfuseIDs.trace(text).isZero && LangfuseIDs.trace(text).hex != text
            )
        }
        #expect(LangfuseIDs.trace("a") != LangfuseIDs.trace("b"))
        let trace = LangfuseIDs.trace(hex), other = LangfuseIDs.trace("other")
        #expect(LangfuseIDs.span("b7ad6b7169203331", in: trace).hex == "b7ad6b7169203331")
        #expect(LangfuseIDs.span(uuid, in: trace) == LangfuseIDs.span(uuid, in: trace))
        #expect(LangfuseIDs.span(uuid, in: trace) != LangfuseIDs.span(uuid, in: other), "a user may name all their observations alike")
        #expect(
            LangfuseIDs.root(of: trace) != LangfuseIDs.span(hex, in: trace) && LangfuseIDs.root(of: trace) != LangfuseIDs.root(of: other))
    }

    @Test("a trace is a span with what is said of it")
    func trace() throws {
        let change = try change(
            "trace-create",
            #"""
            {"id":"6bb2f2c3-8d9c-4d4f-9a1e-0123456789ab","timestamp":"2026-11-22T09:59:59.500Z","name":"ask","userId":"ada","sessionId":"s",
             "tags":["a","b"],"input":{"q":[1,null]},"output":"text","metadata":{"k":"v","n":{"x":1}},"release":"r",
             "version":null,"public":true}
            """#)
        #expect(
            change.said.traceID.hex == "6bb2f2c38d9c4d4f9a1e0123456789ab" && change.said.spanID == LangfuseIDs.root(of: change.said.traceID)
        )
        #expect(change.said.name == "ask" && change.said.startTimeUnixNano == 1_795_341_599_500_000_000 && change.said.parentSpanID.isZero)
        let texts = texts(change)
        #expect(texts["user.id"] == "ada" && texts["session.id"] == "s" && texts["langfuse.trace.name"] == "ask")
        #expect(texts["langfuse.trace.input"] == #"{"q":[1,null]}"# && texts["langfuse.trace.output"] == "text")
        #expect(texts["langfuse.trace.metadata.k"] == "v" && texts["langfuse.trace.metadata.n"] == #"{"x":1}"#)
        #expect(texts["langfuse.trace.public"] == "true" && texts["langfuse.version"] == nil && texts["langfuse.release"] == "r")
        #expect(change.said.attributes.contains(KeyValue("langfuse.trace.tags", .array([.string("a"), .string("b")]))))
    }

    @Test("an observation has what newer SDKs send of the same, under its parent or its trace")
    func observation() throws {
        let made = try change(
            "generation-create",
            #"""
            {"id":"g","traceId":"t","name":"call","startTime":"2026-11-22T10:00:00Z","model":"gpt-4o","modelParameters":{"temperature":0.5},
             "input":[{"role":"user","content":"hi"}],"promptName":"p","promptVersion":3,
             "usage":{"promptTokens":3,"completionTokens":4,"totalTokens":7,"unit":"TOKENS","totalCost":0.25}}
            """#)
        let trace = LangfuseIDs.trace("t")
        #expect(made.said.parentSpanID == LangfuseIDs.root(of: trace) && made.said.spanID == LangfuseIDs.span("g", in: trace))
        #expect(made.said.endTimeUnixNano == 0 && made.said.status == nil)
        let texts = texts(made)
        #expect(texts["langfuse.observation.type"] == "generation" && texts["langfuse.observation.model.name"] == "gpt-4o")
        #expect(texts["langfuse.observation.model.parameters"] == #"{"temperature":0.5}"# && texts["langfuse.observation.id"] == "g")
        #expect(texts["langfuse.observation.usage_details"] == #"{"input":3,"output":4,"total":7}"#)
        #expect(texts["langfuse.observation.cost_details"] == #"{"total":0.25}"# && texts["langfuse.observation.prompt.version"] == "3")
        let update = try change(
            "generation-update",
            #"""
            {"id":"g","traceId":"t","endTime":"2026-11-22T10:00:01Z","level":"ERROR","statusMessage":"too long","usageDetails":{"input":1},
             "usage":{"input":9},"parentObservationId":"o","metadata":"plain"}
            """#)
        #expect(update.said.spanID == made.said.spanID && update.said.parentSpanID == LangfuseIDs.span("o", in: trace))
        #expect(update.said.status == SpanRecord.Status(code: 2, message: "too long") && update.said.name.isEmpty)
        #expect(self.texts(update)["langfuse.observation.usage_details"] == #"{"input":1}"#)
        #expect(self.texts(update)["langfuse.observation.metadata"] == "plain")
        let characters = try change("span-create", #"{"id":"c","traceId":"t","usage":{"input":9,"unit":"CHARACTERS"}}"#)
        #expect(self.texts(characters)["langfuse.observation.usage_details"] == nil)
        #expect(self.texts(characters)["langfuse.observation.usage"] == #"{"input":9,"unit":"CHARACTERS"}"#)
    }

    @Test("metadata with many or long members is one attribute")
    func metadata() throws {
        let many = (0..<65).map { #""k\#($0)":1"# }.joined(separator: ",")
        for object in ["{\(many)}", #"{"\#(String(repeating: "k", count: 129))":1}"#, #"{"":1}"#] {
            let texts = texts(try change("span-create", #"{"id":"c","traceId":"t","metadata":\#(object)}"#))
            #expect(texts["langfuse.observation.metadata"] == object)
        }
    }

    @Test("an update without a trace takes that of its batch; without one it is refused, as is whatever cannot be read")
    func refusals() throws {
        let created = #"{"type":"span-create","body":{"id":"a","traceId":"t"}}"#, update = #"{"type":"span-update","body":{"id":"a"}}"#
        let both = try read([created, update])
        guard case .success(.change(let change)) = both[1] else { throw CancellationError() }
        #expect(change.said.traceID == LangfuseIDs.trace("t"))
        for wrong in [
            update, "1", "{}", #"{"type":"span-create"}"#, #"{"type":"span-create","body":[]}"#, #"{"type":"span-create","body":{"id":1}}"#,
            #"{"type":"span-create","timestamp":"yesterday","body":{"id":"a"}}"#,
            #"{"type":"span-create","body":{"id":"a","startTime":5}}"#,
            #"{"type":"trace-create","body":{"id":"t","tags":"a"}}"#, #"{"type":"trace-create","body":{"id":"t","name":{}}}"#,
            #"{"type":"observation-create","body":{"id":"t","type":"NOTHING"}}"#, #"{"type":"span-update","body":{"traceId":"t"}}"#,
            #"{"type":"trace-create","body":{"id":"\#(String(repeating: "t", count: 401))"}}"#,
            #"{"type":"trace-create","body":{"id":"t","timestamp":"1960-01-01T00:00:00Z"}}"#,
        ] {
            guard case .failure(let fault) = try read([wrong])[0] else {
                Issue.record("taken: \(wrong)")
                continue
            }
            #expect(fault.status == 400 && !fault.message.isEmpty)
        }
        guard case .success(.ignored(let type)) = try read([#"{"type":"sdk-log","body":{}}"#])[0] else { throw CancellationError() }
        #expect(type == "sdk-log")
    }

    @Test("a score is a value, passed or a label by its data type, and nothing that cannot be stored")
    func scores() throws {
        func score(_ members: String) -> LangfuseScore? {
            let body = try? JSONValue.parse(#"{"id":"i","traceId":"t","name":"n",\#(members)}"#)
            return body.flatMap { try? LangfuseScore($0, fallbackID: "f") }
        }
        #expect(score(#""value":0.5"#)?.value == 0.5 && score(#""value":1,"dataType":"NUMERIC"}"#) == nil, "no JSON")
        #expect(score(#""value":1,"dataType":"BOOLEAN""#)?.passed == true && score(#""value":0,"dataType":"BOOLEAN""#)?.passed == false)
        #expect(score(#""value":true"#)?.passed == true && score(#""value":"good","comment":"c""#)?.label == "good")
        #expect(score(#""value":"good","dataType":"CATEGORICAL","observationId":"b7ad6b7169203331""#)?.span?.hex == "b7ad6b7169203331")
        #expect(score(#""value":1,"comment":"why""#)?.reason == "why" && score(#""value":1"#)?.trace == LangfuseIDs.trace("t"))
        for wrong in [
            #""value":2,"dataType":"BOOLEAN""#, #""value":"x","dataType":"NUMERIC""#, #""value":1,"dataType":"CATEGORICAL""#, #""x":1"#,
            #""value":"","dataType":"CATEGORICAL""#, #""value":"long","dataType":"TEXT""#, #""value":1e200"#, #""value":null"#,
            #""value":"a\u0000b""#, #""value":1,"comment":"\u0000""#, #""value":[1]"#,
            #""value":"\#(String(repeating: "l", count: 201))""#, #""value":1,"comment":"\#(String(repeating: "c", count: 20_001))""#,
        ] { #expect(score(wrong) == nil, "\(wrong.prefix(60))") }
        for body in [
            #"{"sessionId":"s","name":"n","value":1}"#, #"{"traceId":"t","value":1}"#, #"{"traceId":"t","name":"a\nb","value":1}"#,
        ] {
            #expect(throws: LangfuseFault.self) { try LangfuseScore(try JSONValue.parse(body), fallbackID: "f") }
        }
        #expect(try LangfuseScore(try JSONValue.parse(#"{"traceId":"t","name":"n","value":1}"#), fallbackID: "f").id == "f")
    }
}
