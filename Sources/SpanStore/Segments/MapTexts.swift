import ByteCoding
import OTLP
import TraceModel

/// The texts that attribute values have in maps. Lists and the like come as protobuf messages of which most are the same few ("stop"):
/// what was made of one is kept for the next. Belongs to one row group's writer.
final class MapTexts {
    private let memtable: Memtable
    /// By type; nil for those that are made anew.
    private let known: [StringInterner?]
    /// By type, then by code of the message.
    private var texts: [[(text: [UInt8], tag: UInt8)]]

    /// Beyond so many different messages of a type the others are made anew.
    private static let maximumKnownCount = 4096

    init(_ memtable: Memtable) {
        self.memtable = memtable
        let arena = TextArena(), seed = UInt64.random(in: .min ... .max)
        known = (0...UInt8(8)).map { type in
            switch AttributeType(rawValue: type) {
            case .bytes, .array, .keyValueList: StringInterner(arena: arena, seed: seed)
            default: nil
            }
        }
        texts = Array(repeating: [], count: known.count)
    }

    /// Calls `body` with the text of a value and its tag.
    func withText(of cell: AttributeCell, _ body: (UnsafeRawBufferPointer, UInt8) -> Void) throws {
        if cell.type == AttributeType.string.rawValue { return body(memtable.arena.bytes(ArenaText(bits: cell.bits)), cell.type) }
        let type = Int(cell.type)
        guard type < known.count, let interner = known[type], interner.entries.count < Self.maximumKnownCount else {
            let (text, tag) = StoredValue.encode(try memtable.value(of: cell))
            return text.withUnsafeBytes { body($0, tag) }
        }
        let message = memtable.arena.bytes(ArenaText(bits: cell.bits))
        // No byte of an empty message is read.
        let base = message.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        let code = Int(interner.code(base, count: message.count))
        if code == texts[type].count { texts[type].append(StoredValue.encode(try memtable.value(of: cell))) }
        let (text, tag) = texts[type][code]
        text.withUnsafeBytes { body($0, tag) }
    }
}
