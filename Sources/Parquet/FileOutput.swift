/// The end of a file that is being written: passes bytes on in order and knows how many there were.
///
/// A class, because the writers of a file and of its chunks append to the same end. Not `Sendable`.
final class FileOutput {
    private(set) var offset: Int64 = 0
    private let sink: (UnsafeRawBufferPointer) throws -> Void

    init(sink: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.sink = sink }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard !bytes.isEmpty else { return }
        try sink(bytes)
        offset += Int64(bytes.count)
    }

    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
}
