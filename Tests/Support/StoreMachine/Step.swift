import SpanStore
import TraceModel

/// What a history does next. A new kind is a case here, a line in `History` that chooses it, and a function in `StoreMachine` that does it;
/// where it changes what must be there, one in `StoreModel`.
package enum Action: Sendable {
    /// Requests by their numbers, one after the other, or all at once.
    case append([Int], atOnce: Bool)
    case query(ProjectID, Question)
    /// Everything that is there is compared with everything that should be.
    case check
    case seal(ProjectID?)
    case compact(isUrgent: Bool)
    case maintain
    case delete(DeletionSelection, ProjectID)
    /// In an order of their own: a dictionary would print another one each time.
    case sweep([Kept])
    /// The store looks at its disk, of which so much is in use in percent; nil: as it is.
    case look(usedPercent: Int?)
    /// A newer mapping or the prices of a version for everything that a project has.
    case reapply(FieldRevision.Subject, ProjectID, prices: Int)
    /// Seals, and takes the store's files as they are then, while these requests come in.
    case backUp([Int])
    /// What was taken last is opened elsewhere and compared with what was known then.
    case restore
    /// The store is closed in order and opened again.
    case reopen
    /// The process ends, without a word or by a power cut; then the store is opened again.
    case end(isPowerCut: Bool)
    /// A bit of a file at rest, chosen by three numbers.
    case flip(UInt64, UInt64, UInt64)
    /// Faults by chance for the steps that follow.
    case rates(DiskRates)
    /// So many bytes are free from now on; nil: as many as there are.
    case room(Int?)
}

package enum Question: Sendable, Equatable {
    case trace(request: Int)
    case name(String)
    case session(String)
    case route(String)
    case longerThan(milliseconds: Int)
    case text(String)
    case groups
}

/// Faults by chance: one in so many; 0 is none.
package struct DiskRates: Sendable, Equatable {
    package var write = 0
    package var synchronize = 0
    package var noSpace = 0
    package var name = 0
    package var read = 0

    package init(write: Int = 0, synchronize: Int = 0, noSpace: Int = 0, name: Int = 0, read: Int = 0) {
        self.write = write
        self.synchronize = synchronize
        self.noSpace = noSpace
        self.name = name
        self.read = read
    }

    package static let none = DiskRates()
}

/// What happens at a call of the disk in the middle of a step, counted from its beginning.
package enum PlannedFault: Sendable, Equatable {
    case powerCut(afterCalls: Int)
    case killed(afterCalls: Int)
    case io(afterCalls: Int)
    case noSpace(afterCalls: Int)
}

/// How much of a project is kept.
package struct Kept: Sendable, Equatable {
    package var project: ProjectID
    /// 0: however old.
    package var days: Int
    package var byteCount: Int?

    var rule: RetentionRule { RetentionRule(days: days, byteCount: byteCount) }
}

package struct Step: Sendable, CustomStringConvertible {
    package var number: Int
    package var action: Action
    package var fault: PlannedFault?
    package var nowUnixNano: UInt64

    package init(number: Int, action: Action, fault: PlannedFault? = nil, nowUnixNano: UInt64) {
        self.number = number
        self.action = action
        self.fault = fault
        self.nowUnixNano = nowUnixNano
    }

    package var description: String {
        let seconds = nowUnixNano / 1_000_000_000
        let time = "\(seconds / 86_400)d\(seconds % 86_400 / 3_600)h\(seconds % 3_600 / 60)m\(seconds % 60)s"
        return "\(number) \(time) \(action)" + (fault.map { " with \($0)" } ?? "")
    }
}

/// What a step came to, as whoever asked for it heard.
package enum Outcome: Sendable, Equatable {
    case appended([AppendAnswer])
    case deleted(spans: Int, events: Int)
    /// By retention or for a full disk: rows that went, and rows that may have.
    case dropped(gone: [RowCount], perhaps: [RowCount])
    /// `failure`: the code of the error for which there is no backup.
    case backedUp([AppendAnswer], failure: String?)
    /// An error's code.
    case failed(String)
    case done
    /// The process ended before anybody heard anything.
    case unheard
}

/// So many copies of one row.
package struct RowCount: Sendable, Equatable {
    package var request: Int
    package var ordinal: Int
    package var count: Int

    package init(request: Int, ordinal: Int, count: Int) {
        self.request = request
        self.ordinal = ordinal
        self.count = count
    }
}

package struct AppendAnswer: Sendable, Equatable {
    package var request: Int
    /// Nil: refused, for `reason`.
    package var stored: Stored?
    package var reason = ""

    package struct Stored: Sendable, Equatable {
        package var isDuplicate: Bool
        package var lsn: UInt64
        package var receivedUnixNano: UInt64

        package init(isDuplicate: Bool, lsn: UInt64, receivedUnixNano: UInt64) {
            self.isDuplicate = isDuplicate
            self.lsn = lsn
            self.receivedUnixNano = receivedUnixNano
        }
    }

    package init(request: Int, stored: Stored?, reason: String = "") {
        self.request = request
        self.stored = stored
        self.reason = reason
    }
}
