import Synchronization

/// Memory of large byte arrays, to be used again: for a body of megabytes the system clears thousands of pages, which costs more than
/// reading the body does, and they are given back as soon as the array goes.
///
/// Whoever has no more use for an array gives it; whoever needs one takes it, empty. Neither has to be the last to hold it: an array that
/// somebody still reads when it is taken stays theirs, and the taker gets new memory.
package final class ByteArrayPool: Sendable {
    private let maximumByteCount: Int
    private let kept = Mutex(Kept())

    private struct Kept {
        /// In the order they were given, each with the look (`removeUnused`) before which it was.
        var arrays: [(array: [UInt8], look: Int)] = []
        var look = 0
        /// Of their memory.
        var byteCount = 0

        mutating func remove(at index: Int) -> [UInt8] {
            byteCount -= arrays[index].array.capacity
            return arrays.remove(at: index).array
        }
    }

    /// What is smaller comes from the allocator's own lists, which keep it.
    package static let minimumArrayByteCount = 256 << 10

    /// An array of more than this many times the room that is needed waits for somebody who needs it.
    private static let maximumRoomFactor = 4

    /// - Parameter maximumByteCount: memory kept for those to come.
    package init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

    /// Keeps nothing: what is taken is new.
    package static let none = ByteArrayPool(maximumByteCount: 0)

    /// Memory kept.
    package var byteCount: Int { kept.withLock { $0.byteCount } }

    /// An empty array with room for so many bytes, in memory that was used before if some of that size is kept.
    package func take(capacity: Int) -> [UInt8] {
        var array = capacity >= Self.minimumArrayByteCount ? takeKept(capacity) : []
        // Where somebody reads it still, this leaves the memory to them.
        array.removeAll(keepingCapacity: true)
        array.reserveCapacity(capacity)
        return array
    }

    private func takeKept(_ capacity: Int) -> [UInt8] {
        kept.withLock { kept in
            let fitting = kept.arrays.indices.filter {
                let room = kept.arrays[$0].array.capacity
                return room >= capacity && room / Self.maximumRoomFactor <= capacity
            }
            return fitting.min { kept.arrays[$0].array.capacity < kept.arrays[$1].array.capacity }.map { kept.remove(at: $0) } ?? []
        }
    }

    /// Keeps an array's memory, instead of what was given longest ago where there is too much.
    package func give(_ array: consuming [UInt8]) {
        let capacity = array.capacity
        guard capacity >= Self.minimumArrayByteCount, capacity <= maximumByteCount else { return }
        // Freed behind the lock: to give megabytes back to the system takes its time.
        var surplus: [[UInt8]] = []
        kept.withLock { [array] kept in
            kept.arrays.append((array, kept.look))
            kept.byteCount += capacity
            while kept.byteCount > maximumByteCount { surplus.append(kept.remove(at: 0)) }
        }
        withExtendedLifetime(surplus) {}
    }

    /// Frees what nobody has taken and given since the last look. Answers whether there was any.
    package func removeUnused() -> Bool {
        var unused: [[UInt8]] = []
        kept.withLock { kept in
            while let oldest = kept.arrays.first, oldest.look < kept.look { unused.append(kept.remove(at: 0)) }
            kept.look += 1
        }
        return !unused.isEmpty
    }
}
