/// Model names as prices know them: lower case, without the resource prefix of Google's API, and without the date of a
/// snapshot, which has no price of its own unless a price names it.
enum ModelName {
    /// `models/Gemini-2.5-Pro` -> `gemini-2.5-pro`.
    static func normalized(_ name: String) -> String {
        let lowered = name.lowercased()
        let resource = "models/"
        return lowered.hasPrefix(resource) ? String(lowered.dropFirst(resource.count)) : lowered
    }

    /// The name without `-2025-10-01`, `-20251001` or `@20251001` at its end; nil when there is no such date.
    static func withoutDate(_ name: String) -> String? {
        let text = Array(name.utf8)
        for shape in ["-dddd-dd-dd", "-dddddddd", "@dddddddd"].map({ Array($0.utf8) }) {
            guard text.count > shape.count, fits(text.suffix(shape.count), shape) else { continue }
            let digits = text.suffix(shape.count).filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "@") }
                .map { Int($0 - UInt8(ascii: "0")) }
            let month = digits[4] * 10 + digits[5], day = digits[6] * 10 + digits[7]
            guard digits[0] == 2, digits[1] == 0, (1...12).contains(month), (1...31).contains(day) else { continue }
            return String(decoding: text.dropLast(shape.count), as: UTF8.self)
        }
        return nil
    }

    private static func fits(_ text: ArraySlice<UInt8>, _ shape: [UInt8]) -> Bool {
        zip(text, shape).allSatisfy { byte, wanted in
            wanted == UInt8(ascii: "d") ? byte &- UInt8(ascii: "0") < 10 : byte == wanted
        }
    }
}
