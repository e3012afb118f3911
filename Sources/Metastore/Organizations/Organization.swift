/// Who owns projects.
package struct Organization: Sendable, Equatable {
    package let id: OrganizationID
    package let name: String
    /// Nanoseconds since 1970 UTC, whole microseconds, like all times of the metastore.
    package let createdTimeUnixNano: Int64
}
