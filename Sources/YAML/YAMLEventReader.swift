import CLibYAML

/// libyaml's parser over borrowed bytes of UTF-8 that have been checked.
///
/// Memory safety: the parser is allocated once and never moves, as libyaml keeps pointers into it; the bytes must outlive the reader,
/// which `YAMLDocument` sees to. Every event is copied into Swift values and deleted before the next is read.
final class YAMLEventReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// Nil for an empty text.
    init?(_ bytes: UnsafeRawBufferPointer) throws(YAMLError) {
        guard !bytes.isEmpty, let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return nil }
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError("there is no memory for reading YAML", at: YAMLPosition(line: 1, column: 1))
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, start, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(kind: Self.kind(of: event), position: Self.position(event.start_mark))
    }

    private static func position(_ mark: yaml_mark_t) -> YAMLPosition {
        YAMLPosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? { pointer.map { String(cString: $0) } }
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return .scalar(value, isPlain: isPlain, tag: text(scalar.tag), anchor: text(scalar.anchor))
        case YAML_SEQUENCE_START_EVENT:
            return .sequenceStart(tag: text(event.data.sequence_start.tag), anchor: text(event.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            return .mappingStart(tag: text(event.data.mapping_start.tag), anchor: text(event.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        default: return .streamEnd
        }
    }

    private var failure: YAMLError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "the text cannot be read"
        let context = state.context.map { String(cString: $0) + ": " } ?? ""
        switch state.error {
        case YAML_MEMORY_ERROR: return YAMLError("there is no memory for reading YAML", at: Self.position(state.mark))
        case YAML_READER_ERROR:
            // The reader is ahead of the scanner and knows offsets only; `mark` is where the scanner has come to.
            return YAMLError("\(problem) (byte \(state.problem_offset + 1))", at: Self.position(state.mark))
        default: return YAMLError(context + problem, at: Self.position(state.problem_mark))
        }
    }
}
