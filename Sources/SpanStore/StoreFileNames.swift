import TraceModel

/// Every name the store gives to something on disk.
///
///     DATA_DIR/store/
///       LOCK
///       ballast                                                     see Disk/; zeros, given up on a full disk
///       wal/                                                        see WAL/
///       manifest/                                                   see Manifest/
///       quarantine/                                                 see WAL/
///       receipts/                                                   see Receipts/
///       spans/project=<uuid>/received=<YYYY-MM-DD>/<sequence>.parquet
///       payloads/project=<uuid>/received=<YYYY-MM-DD>/<sequence>.parquet
///       temporary/<sequence>.{spans,payloads}                       being written; removed at start
///
/// A file ends in `.parquet` only once it is whole and synchronized. `received=` is the UTC day on which the spans came in,
/// not the day of their times.
package enum StoreFileNames {
    package static func wal(_ root: String) -> String { root + "/wal" }
    package static func manifest(_ root: String) -> String { root + "/manifest" }
    package static func quarantine(_ root: String) -> String { root + "/quarantine" }
    package static func receipts(_ root: String) -> String { root + "/receipts" }
    static func ballast(_ root: String) -> String { root + "/ballast" }
    static func temporary(_ root: String) -> String { root + "/temporary" }
    static func temporarySpans(_ root: String, _ sequence: UInt64) -> String { "\(root)/temporary/\(name(sequence)).spans" }
    static func temporaryPayloads(_ root: String, _ sequence: UInt64) -> String { "\(root)/temporary/\(name(sequence)).payloads" }

    static func spans(_ partition: PartitionID, _ sequence: UInt64) -> String { "spans/\(folder(partition))/\(name(sequence)).parquet" }
    static func payloads(_ partition: PartitionID, _ sequence: UInt64) -> String {
        "payloads/\(folder(partition))/\(name(sequence)).parquet"
    }

    static func folder(of project: ProjectID) -> String { "project=\(project.uuid)" }
    /// Nil where the name is none of a project's folder.
    static func project(ofFolder name: String) -> ProjectID? {
        name.hasPrefix("project=") ? ProjectID(uuid: name.dropFirst("project=".count)) : nil
    }

    private static func folder(_ partition: PartitionID) -> String {
        "\(folder(of: partition.project))/received=\(CalendarDay.text(daysSince1970: Int(partition.receiveDay)))"
    }

    /// Sixteen digits, so that names sort as numbers do.
    private static func name(_ sequence: UInt64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    }
}

/// UTC days as `YYYY-MM-DD`.
package enum CalendarDay {
    package static let nanoseconds: UInt64 = 86_400_000_000_000

    package static func daysSince1970(unixNano: UInt64) -> Int32 { Int32(unixNano / nanoseconds) }

    package static func text(daysSince1970 days: Int) -> String {
        let (year, month, day) = date(daysSince1970: days)
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
    }

    /// The first day of a day's month.
    static func firstOfMonth(daysSince1970 day: Int32) -> Int32 { day - Int32(date(daysSince1970: Int(day)).day) + 1 }

    /// Howard Hinnant's `civil_from_days`, for days since 1970 and later.
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }
}
