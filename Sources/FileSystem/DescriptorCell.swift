import Glibc
import Synchronization

/// A file descriptor that is closed exactly once.
final class DescriptorCell: Sendable {
    private let descriptor: Atomic<Int32>

    init(_ descriptor: Int32) { self.descriptor = Atomic(descriptor) }

    /// Nil after `close`.
    var value: Int32? {
        let value = descriptor.load(ordering: .relaxed)
        return value < 0 ? nil : value
    }

    func close() {
        let value = descriptor.exchange(-1, ordering: .relaxed)
        // The error of a close says nothing that synchronizeData did not say, and the descriptor is gone either way.
        if value >= 0 { _ = Glibc.close(value) }
    }
}
