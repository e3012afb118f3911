/// What is wrong with a header field that a run is to send to an endpoint of the user's.

import ByteCoding

enum HTTPTargetHeader {
    /// Why the field cannot be sent; nil when it can.
    static func problem(_ header: JSONMember) -> String? {
        guard let value = header.value.stringValue else { return "is not a text" }
        return switch HTTPFieldRules.fault(name: header.key, value: value) {
        case nil: nil
        case .name: "is no name of a header field"
        case .framing: "is not for a run to say: it frames the request"
        case .value: "has a value with control characters"
        }
    }
}
