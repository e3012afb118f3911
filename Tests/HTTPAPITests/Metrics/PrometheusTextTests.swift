import HTTPAPI
import TelemetryExport
import Testing

@Suite("Prometheus' text format")
struct PrometheusTextTests {
    @Test("a family has its help and type once, labels are escaped")
    func family() {
        var report = MetricReport()
        report.family("a_total", .counter, "Two\nlines.", [([("path", #"a"b\c"#)], 1), ([("path", "line\nbreak")], 2.5)])
        #expect(
            PrometheusText(report).text == """
                # HELP a_total Two lines.
                # TYPE a_total counter
                a_total{path="a\\"b\\\\c"} 1
                a_total{path="line\\nbreak"} 2.5

                """)
    }

    @Test("a histogram is cumulative up to +Inf")
    func histogram() {
        var report = MetricReport()
        report.histograms("d_seconds", "Durations.", bounds: [0.1, 1], [([("route", "/")], [2, 0, 1], 5.25)])
        #expect(
            PrometheusText(report).text == """
                # HELP d_seconds Durations.
                # TYPE d_seconds histogram
                d_seconds_bucket{route="/",le="0.1"} 2
                d_seconds_bucket{route="/",le="1"} 2
                d_seconds_bucket{route="/",le="+Inf"} 3
                d_seconds_sum{route="/"} 5.25
                d_seconds_count{route="/"} 3

                """)
    }

    @Test("a family without samples is left out")
    func empty() {
        var report = MetricReport()
        report.family("a_total", .counter, "None.", [])
        #expect(PrometheusText(report).text.isEmpty)
    }
}
