/// The limit of reading contents, with its reason.
package enum ContentReadingLimits {
    /// Problems that one reading names: as many as a person mends in one go; the rest is counted.
    package static let maximumProblemCount = 50
}
