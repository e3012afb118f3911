/// The program at the other end of a session, as people call it.

enum UserAgent {
    /// `Firefox 145 on Linux`; what is no browser's stays as it is.
    static func name(_ text: String) -> String {
        let browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Version/", "Safari")]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]
        guard let (mark, browser) = browsers.first(where: { text.contains($0.0) }), let range = text.firstRange(of: mark) else {
            return text.isEmpty ? "an unnamed program" : text
        }
        let version = text[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
        let system = systems.first { text.contains($0.0) }?.1
        return "\(browser) \(version)" + (system.map { " on " + $0 } ?? "")
    }
}
