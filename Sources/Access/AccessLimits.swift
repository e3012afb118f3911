/// Every limit of this target, with its reason. Times in nanoseconds.
package enum AccessLimits {
    /// How long a key's last check is taken for the truth: a revocation made by another process works after this at the latest
    /// (one made by this process at once).
    package static let positiveLifetimeNanoseconds: Int64 = 60_000_000_000
    /// From this age on a request renews the check in the background, so that a busy key's requests never wait for one.
    package static let refreshAgeNanoseconds: Int64 = 30_000_000_000
    /// How long "nobody has this key" is believed: a key works this long after it was made, if it was tried before.
    package static let negativeLifetimeNanoseconds: Int64 = 5_000_000_000
    /// How long keys known before go on working while PostgreSQL does not answer: a longer outage is somebody's business, and
    /// a key revoked meanwhile must end some time.
    package static let outageLifetimeNanoseconds: Int64 = 900_000_000_000
    /// How long after PostgreSQL failed to answer known keys are let in without asking it again: requests then do not pile up
    /// behind its time limit.
    package static let outageRetryNanoseconds: Int64 = 1_000_000_000
    /// Keys remembered as good, in each of two generations: far more than an installation has.
    package static let maximumKnownKeyCount = 10_000
    /// Keys remembered as bad, in each of two generations: a flood of made-up keys costs this memory and no more.
    package static let maximumUnknownKeyCount = 10_000
    /// Between two notes of when keys were last used.
    package static let useRecordIntervalNanoseconds: Int64 = 60_000_000_000
    /// Bytes of a header that may hold a key; a key has 55.
    package static let maximumCredentialByteCount = 4_096
}
