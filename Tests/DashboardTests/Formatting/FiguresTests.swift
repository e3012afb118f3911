import SeededRandom
import Testing

@testable import Dashboard

@Suite struct FiguresTests {
    @Test("counts have commas, and are short where there is little room")
    func counts() {
        let counts: [(Int64, String)] = [
            (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_234, "-1,234"), (.min, "-9,223,372,036,854,775,808"),
        ]
        for (value, text) in counts { #expect(Figures.count(value) == text) }
        let short: [(Double, String)] = [
            (0, "0"), (999, "999"), (1_000, "1k"), (12_345, "12.3k"), (999_949, "999.9k"), (999_950, "1.00M"), (8_210_544, "8.21M"),
            (2.5e9, "2.50G"), (0.5, "0.5"),
        ]
        for (value, text) in short { #expect(Figures.short(value) == text, "\(value)") }
    }

    @Test("durations are in the unit that is read fastest, and never say 60 of one")
    func durations() {
        let durations: [(Double, String)] = [
            (0, "0 ms"), (0.431, "431 µs"), (0.9994, "999 µs"), (0.9996, "1.0 ms"), (8.44, "8.4 ms"), (12, "12 ms"), (999.4, "999 ms"),
            (999.6, "1.00 s"), (2_100, "2.10 s"), (59_994, "59.99 s"), (59_996, "1 min 00 s"), (187_000, "3 min 07 s"),
            (3_599_400, "59 min 59 s"), (3_599_600, "1 h 00 min"), (7_500_000, "2 h 05 min"), (-180, "-180 ms"), (.infinity, "–"),
            (.nan, "–"),
        ]
        for (value, text) in durations { #expect(Figures.duration(milliseconds: value) == text, "\(value)") }
        #expect(Figures.duration(nanoseconds: .max).hasSuffix("min") || Figures.duration(nanoseconds: .max).hasSuffix("d"))
    }

    @Test("money has cents, and digits enough where there are none")
    func cost() {
        let costs: [(Double, String)] = [
            (0, "$0"), (152.88, "$152.88"), (1_234.5, "$1,234.50"), (0.0042, "$0.0042"), (0.99994, "$0.9999"), (0.99996, "$1.00"),
            (0.000031, "$0.000031"), (0.0000001, "<$0.000001"), (-2, "-$2.00"), (.nan, "–"),
        ]
        for (value, text) in costs { #expect(Figures.cost(value) == text, "\(value)") }
    }

    @Test("shares, sizes and counted things")
    func others() {
        #expect(Figures.percent(0.031) == "3.1 %" && Figures.percent(1) == "100 %" && Figures.percent(0) == "0 %")
        #expect(Figures.bytes(107) == "107 B" && Figures.bytes(64 << 10) == "64 KiB" && Figures.bytes(10 << 20) == "10 MiB")
        #expect(Figures.bytes(1_536) == "1.5 KiB" && Figures.bytes(1_048_575) == "1 MiB")
        #expect(Figures.counted(1, "span", "spans") == "1 span" && Figures.counted(1_000, "span", "spans") == "1,000 spans")
    }

    @Test("a number with a fixed number of digits is the nearest one", arguments: 0...4)
    func fixedDigits(places: Int) {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let value = Double.random(in: -10_000...10_000, using: &generator)
            let text = Figures.fixed(value, places)
            let parsed = Double(text) ?? .nan
            var unit = 1.0
            for _ in 0..<places { unit /= 10 }
            #expect(abs(parsed - value) <= unit * 0.5000001, "\(value) as \(text), seed \(seed)")
            #expect((text.split(separator: ".").dropFirst().first?.count ?? 0) == places)
        }
    }
}
