import TraceModel

/// Requests of a small web service: one trace each, of spans with a dozen attributes.
enum IdleBodies {
    static func body(spanCount: Int, startUnixNano: UInt64) -> [UInt8] {
        var text = #"{"resourceSpans":[{"resource":{"attributes":["#
        text += attribute("service.name", "shop") + "," + attribute("deployment.environment.name", "production") + "]},"
        text += #""scopeSpans":[{"scope":{"name":"http","version":"1"},"spans":["#
        let trace = hex(.random(in: 1 ... .max)) + hex(.random(in: 1 ... .max)), root = hex(.random(in: 1 ... .max))
        for index in 0..<spanCount {
            if index > 0 { text += "," }
            let start = startUnixNano + UInt64(index) * 1_000_000
            text += #"{"traceId":"\#(trace)","spanId":"\#(index == 0 ? root : hex(.random(in: 1 ... .max)))","#
            if index > 0 { text += #""parentSpanId":"\#(root)","# }
            text += #""name":"GET /orders/{id}","kind":\#(index == 0 ? 2 : 3),"startTimeUnixNano":"\#(start)","#
            text += #""endTimeUnixNano":"\#(start + .random(in: 1_000...900_000))","attributes":["#
            let attributes = [
                attribute("http.request.method", "GET"), attribute("url.path", "/orders/\(Int.random(in: 0..<10_000))"),
                attribute("http.route", "/orders/{id}"), attribute("server.address", "shop.example"),
                attribute("user.id", "user-\(Int.random(in: 0..<500))"), attribute("app.cart.size", "\(Int.random(in: 0..<20))"),
                attribute("db.system.name", "postgresql"), attribute("db.query.text", "SELECT * FROM orders WHERE id = $1"),
            ]
            text += attributes.joined(separator: ",") + "]}"
        }
        return Array((text + "]}]}]}").utf8)
    }

    private static func attribute(_ key: String, _ value: String) -> String { #"{"key":"\#(key)","value":{"stringValue":"\#(value)"}}"# }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
