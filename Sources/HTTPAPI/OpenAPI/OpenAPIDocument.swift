/// placeholder
enum OpenAPIDocument { static let text = "{}" }
