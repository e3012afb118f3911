/// The OpenAPI document as it is served: the parts generated from `openapi/`, joined.

enum OpenAPIDocument {
    static let text: String = {
        let paths = tagPaths.joined(separator: ","), schemas = ([frameSchemas] + tagSchemas).filter { !$0.isEmpty }.joined(separator: ",")
        return #"{\#(frameMembers),"paths":{\#(paths)},"components":{\#(componentMembers),"schemas":{\#(schemas)}}}"#
    }()
}
