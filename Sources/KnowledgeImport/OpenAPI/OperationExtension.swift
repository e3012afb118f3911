/// What an exported document says of its entries beyond OpenAPI, so that they come back as they were: the member `x-spandrel` of the document
/// and of operations.
///
///     of a document   {"document": "petstore" or null, "operations": [{"method": "GET", "path": "pets", "operation": {...}}]}
///     of an operation {"key": "pets/list", "title": "...", "details": {...}}
///
/// `operations` are those that `paths` cannot hold; `details` stand for themselves where reading the operation would make others.

import ByteCoding
import KnowledgeModel

struct OperationExtension {
    static let name = "x-spandrel"
    private let value: JSONValue?

    init(_ holder: JSONValue) { value = holder[Self.name] }

    var key: String? { value?["key"]?.stringValue }

    var title: String? {
        guard let title = value?["title"]?.stringValue, !title.isEmpty,
            title == ImportedText.heading(title, maximumByteCount: KnowledgeLimits.maximumNameByteCount)
        else { return nil }
        return title
    }

    /// As far as they may be stored.
    var details: JSONValue? {
        guard let details = value?["details"], case .object = details else { return nil }
        var measure = Measure()
        measure.add(details, level: 0)
        return measure.byteCount <= KnowledgeLimits.maximumContentByteCount && measure.depth <= KnowledgeLimits.maximumDepth
            && !measure.hasNUL ? details : nil
    }

    /// The empty name stands for none.
    var documentName: String? {
        guard let document = value?["document"] else { return nil }
        return document == .null ? "" : document.stringValue
    }

    var operations: [(JSONValue, OperationReader.Site)] {
        guard let elements = value?["operations"]?.arrayValue else { return [] }
        return elements.enumerated().compactMap { index, element in
            guard let method = element["method"]?.stringValue, let path = element["path"]?.stringValue, let operation = element["operation"]
            else { return nil }
            let pointer = [Self.name, "operations", String(index)]
            let site = OperationReader.Site(
                method: method, path: path, pointer: pointer + ["operation"], pathItem: .object([]), pathPointer: pointer)
            return (operation, site)
        }
    }
}
