/// Every limit of this target, with its reason.
package enum JobLimits {
    /// Seconds a lease lasts without a heartbeat: how long the jobs of a dead worker wait. A worker extends it every third of this.
    package static let leaseSeconds = 15
    /// Jobs leased at once: one statement's work, and what a dying worker leaves behind.
    package static let maximumLeaseCount = 512
    /// Groups looked at by one lease: with more at work, they take turns.
    static let groupsPerLease = 16
    /// Jobs rescued by one statement: others follow at the next look.
    static let rescueBatchCount = 1_000
    /// Seconds until a retry at most: longer ones are failures.
    static let maximumRetryDelaySeconds: Double = 3_600
}
