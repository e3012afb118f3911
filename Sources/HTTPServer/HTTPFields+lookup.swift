/// Header fields by names that are known at run time only.

import HTTPTypes

extension HTTPFields {
    /// The value of a field by its name as text; several fields of one name are joined as RFC 9110 5.3 says.
    package func value(ofName name: String) -> String? { HTTPField.Name(name).flatMap { self[$0] } }
}

extension HTTPField.Name {
    // A valid token, so not nil.
    /// Names the project a signed-in user means.
    package static let spandrelProject = HTTPField.Name("spandrel-project")!
    /// Names the project that a worker's spans are of.
    package static let spandrelProjectID = HTTPField.Name("spandrel-project-id")!
}
