/// JSON as people read it and as version control compares it: one space, a line for each member.

import ByteCoding

enum JSONText {
    static func indented(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        write(value, 0, &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private static func write(_ value: JSONValue, _ level: Int, _ bytes: inout [UInt8]) {
        switch value {
        case .object(let members) where !members.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                newLine(level + 1, &bytes)
                bytes += JSONValue.string(member.key).bytes
                bytes += ": ".utf8
                write(member.value, level + 1, &bytes)
            }
            newLine(level, &bytes)
            bytes.append(UInt8(ascii: "}"))
        case .array(let elements) where !elements.isEmpty:
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                newLine(level + 1, &bytes)
                write(element, level + 1, &bytes)
            }
            newLine(level, &bytes)
            bytes.append(UInt8(ascii: "]"))
        default: bytes += value.bytes
        }
    }

    private static func newLine(_ level: Int, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level))
    }
}
