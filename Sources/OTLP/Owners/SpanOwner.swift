/// What stands above a span in its request, as it stands there: with it a span that was refused can be made a request of its own again.
///
/// Of a protobuf body `resource` and `scope` are the messages and the schema URLs are text; of a JSON body all four are JSON values.
package struct SpanOwner: Hashable, Sendable {
    /// Nil, as the others, when the request had none.
    package var resource: [UInt8]?
    package var resourceSchemaURL: [UInt8]?
    package var scope: [UInt8]?
    package var scopeSchemaURL: [UInt8]?

    package init(resource: [UInt8]? = nil, resourceSchemaURL: [UInt8]? = nil, scope: [UInt8]? = nil, scopeSchemaURL: [UInt8]? = nil) {
        self.resource = resource
        self.resourceSchemaURL = resourceSchemaURL
        self.scope = scope
        self.scopeSchemaURL = scopeSchemaURL
    }

    package var byteCount: Int { [resource, resourceSchemaURL, scope, scopeSchemaURL].reduce(0) { $0 + ($1?.count ?? 0) } }
}

/// The owners of some spans of a request.
package struct SpanOwners: Sendable {
    package internal(set) var owners: [SpanOwner] = []
    /// For each span its place in `owners`; nil when what is above it could not be found.
    package internal(set) var places: [Int?] = []
}
