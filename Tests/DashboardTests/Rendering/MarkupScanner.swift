/// Reads HTML as a browser's tokenizer does in its ordinary states: tags, attributes, quotes; enough to see what is markup and what is text.
struct MarkupScanner {
    /// Tags and attributes that this server's templates have no reason to write.
    private(set) var faults: [String] = []
    private(set) var attributes: Set<String> = []
    /// Values of `href`, `src` and `action`.
    private(set) var urls: [String] = []
    private(set) var inlineScripts = 0
    private(set) var inlineStyles = 0
    private(set) var tags: Set<String> = []

    private static let forbiddenTags: Set<String> = [
        "iframe", "object", "embed", "base", "applet", "frame", "math", "img", "video", "audio",
    ]

    init(_ html: String) {
        let bytes = Array(html.utf8)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count, Self.beginsTag(bytes[index + 1]) else {
                index += 1
                continue
            }
            index = readTag(bytes, from: index + 1)
        }
    }

    private static func beginsTag(_ byte: UInt8) -> Bool { isLetter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// From behind the `<` to behind the `>`.
    private mutating func readTag(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self).lowercased() }
        while index < bytes.count, !Self.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") { index += 1 }
        let name = text(start..<index)
        tags.insert(name)
        if Self.forbiddenTags.contains(name) { faults.append("<\(name)>") }
        if !name.hasPrefix("!") {
            let plain = name.utf8.allSatisfy {
                Self.isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/")
            }
            if !plain { faults.append("a tag called \(name.prefix(40))") }
        }
        var own: Set<String> = []
        while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
            if Self.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") {
                index += 1
                continue
            }
            let nameStart = index
            while index < bytes.count, !Self.isSpace(bytes[index]),
                ![UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "/")].contains(bytes[index])
            {
                index += 1
            }
            let attribute = text(nameStart..<index)
            own.insert(attribute)
            if attribute.utf8.contains(where: { !(Self.isLetter($0) || (0x30...0x39).contains($0) || "-:_".utf8.contains($0)) }),
                !name.hasPrefix("!")
            {
                faults.append("an attribute called \(attribute.prefix(40)) in <\(name)>")
            }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { continue }
            index += 1
            let quote =
                index < bytes.count && (bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'")) ? bytes[index] : nil
            if quote != nil { index += 1 }
            let valueStart = index
            while index < bytes.count,
                quote.map({ bytes[index] != $0 }) ?? (!Self.isSpace(bytes[index]) && bytes[index] != UInt8(ascii: ">"))
            {
                index += 1
            }
            if ["href", "src", "action"].contains(attribute) { urls.append(String(decoding: bytes[valueStart..<index], as: UTF8.self)) }
            if quote != nil { index += 1 }
        }
        attributes.formUnion(own)
        if name == "script", !own.contains("src") { inlineScripts += 1 }
        if name == "style" { inlineStyles += 1 }
        return index + 1
    }
}
