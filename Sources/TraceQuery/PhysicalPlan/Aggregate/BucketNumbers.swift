/// The buckets of time that rows start in. Rows of a unit lie by their traces, so that one's bucket says nothing about the next one's, and
/// a division takes as long as all the rest: the quotient is a product with the width's reciprocal, which is at most one too small.
enum BucketNumbers {
    /// Of each of `positions`, which are places in `times`: its time by the bucket's width, rounded down.
    static func numbers(of times: UnsafeBufferPointer<Int64>, at positions: UnsafeBufferPointer<Int32>, _ bucket: TimeBucket) -> [Int64] {
        var earliest = Int64.max
        var latest = Int64.min
        for position in positions {
            earliest = min(earliest, times[Int(position)])
            latest = max(latest, times[Int(position)])
        }
        guard earliest <= latest else { return [] }
        let first = TimeText.floorDivide(earliest, bucket.nanoseconds)
        let (start, isBeforeAll) = first.multipliedReportingOverflow(by: bucket.nanoseconds)
        let (span, isTooLong) = latest.subtractingReportingOverflow(start)
        guard !isBeforeAll, !isTooLong else {
            return positions.map { TimeText.floorDivide(times[Int($0)], bucket.nanoseconds) }
        }
        // With x below 2^63 and r = (2^64 - 1) / width rounded down, x * r / 2^64 is less than 1.5 below x / width.
        assert(span >= 0 && bucket.nanoseconds > 0)
        let width = UInt64(bucket.nanoseconds), reciprocal = UInt64.max / width
        return [Int64](unsafeUninitializedCapacity: positions.count) { output, count in
            for index in 0..<positions.count {
                let offset = UInt64(bitPattern: times[Int(positions[index])] &- start)
                let quotient = offset.multipliedFullWidth(by: reciprocal).high
                let isOneMore = offset &- quotient &* width >= width
                output[index] = first &+ Int64(bitPattern: quotient) &+ Int64(isOneMore.one)
            }
            count = positions.count
        }
    }
}
