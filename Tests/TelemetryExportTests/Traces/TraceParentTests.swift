import Testing
import TraceModel

@testable import TelemetryExport

@Suite("A traceparent header")
struct TraceParentTests {
    static let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("of version 00 is read and written")
    func version00() throws {
        let parent = try #require(TraceParent(header: Self.text))
        #expect(parent.traceID.hex == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(parent.spanID.hex == "00f067aa0ba902b7")
        #expect(parent.isSampled)
        #expect(parent.header == Self.text)
        #expect(TraceParent(header: Self.text.dropLast(2) + "00")?.isSampled == false)
    }

    @Test("of a later version is read as far as it is known, unknown flags left out")
    func laterVersion() {
        #expect(TraceParent(header: "cc" + Self.text.dropFirst(2) + "-more")?.isSampled == true)
        #expect(TraceParent(header: "01" + Self.text.dropFirst(2).dropLast(2) + "ff")?.flags == 3)
    }

    @Test(
        "that the specification forbids is ignored",
        arguments: [
            "", "00", text + "-more", text.uppercased(), "ff" + text.dropFirst(2), "0x" + text.dropFirst(2), text.dropLast() + "g",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "cc" + text.dropFirst(2) + ".more", text + ", " + text,
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b72-01",
        ])
    func malformed(header: String) { #expect(TraceParent(header: header) == nil) }
}
