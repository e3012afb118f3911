/// What requests of the JSON API may cost, and why.
enum APILimits {
    /// Bytes of a body: 200 filter nodes or a project's settings need kilobytes.
    static let maximumBodyByteCount = 1 << 20
    /// Bytes of a body that comes without credentials: an address, a password, the token of a link.
    static let maximumPublicBodyByteCount = 16 << 10
    /// Memory that bodies of callers with credentials may hold together, as they arrive and as `valueBytesPerBodyByte` times their length
    /// once they are JSON values. Over it requests are told to come again.
    static let maximumByteCountInFlight = 256 << 20
    /// The same for bodies without credentials: a share of its own, so that strangers never take that of the others.
    static let maximumPublicByteCountInFlight = 64 << 20
    /// `[0,0,` makes a value of 24 bytes out of two, in an array that may be twice as long as it has to be.
    static let valueBytesPerBodyByte = 24
    /// Bytes of an edit of a suite: some thousand cases. Their values have to fit into the memory that all bodies share; more come in
    /// several edits, or as a file.
    static let maximumEditByteCount = 8 << 20
    /// Bytes of all prices of an organization or project: some thousand, of which the values fit into the memory that all bodies share.
    static let maximumPricesByteCount = 2 << 20
    /// Bytes of a JSONL or CSV file of test cases: 100,000 of 640 bytes each. A longer suite comes in several files.
    static let maximumImportByteCount = 64 << 20
    /// Memory that such a file takes beside its own bytes: the cases, read one after the other, as the texts of their rows.
    static let fileBytesPerBodyByte = 3
    /// Bytes of a YAML file of test cases, in and out: it is held whole, as values.
    static let maximumYAMLByteCount = 8 << 20
    /// Bytes of cases that an export holds at a time; one case alone may have more.
    static let exportPageByteCount = 2 << 20
    /// Seconds that the answer to a deletion waits until it is in no answer any more; most are within one.
    static let deletionWaitSeconds = 10.0
    /// Seconds between looks whether the bytes of deletions are gone.
    static let deletionLookSeconds = 1.0
    /// Bytes of the session or user of a deletion: as many as the schema has room for.
    static let maximumDeletionSubjectByteCount = 4096
    /// Traces that a receipt of a deletion names: with them a proof over the files knows what to look for. 340 KB.
    static let maximumListedTraceCount = 10_000
    /// Bytes of an entry of a knowledge base in a request: its content, in which every character may be written as an escape.
    static let maximumKnowledgeEntryByteCount = 2 << 20
    /// Bytes of a document that is uploaded to a draft of a knowledge base.
    static let maximumKnowledgeUploadByteCount = 32 << 20
    /// Contents of a knowledge base that one archive is made of; with the archive they take twice as much at a time.
    static let maximumKnowledgeExportByteCount = 96 << 20
    /// Seconds that a request waits for another revision: under the minute after which proxies cut.
    static let maximumKnowledgeWaitSeconds = 50
    /// Requests that wait so at a time: each holds a connection and little else.
    static let maximumKnowledgeWaiterCount = 2_000
    /// Of one project: more agents than that ask from time to time, and leave room for other projects'.
    static let maximumProjectKnowledgeWaiterCount = 200
    /// Catalogs of other databases read at a time: each holds a connection there, and thousands of columns here.
    static let maximumCatalogReadCount = 4
    /// Bytes of a value that stands in the JSON of its span; longer ones are fetched apart, when somebody wants to read them.
    static let maximumSpanValueByteCount = 64 << 10
    /// Bytes of all values that stand there: a span may have a thousand that are not quite as long.
    static let maximumSpanValuesByteCount = 1 << 20
    /// Bytes of a value that stands there whatever the others take: shorter than what would be said of it instead.
    static let shortSpanValueByteCount = 256
    /// Bytes of a value that an explanation of a span repeats: enough for any name, set of parameters or message; the span itself has all.
    static let maximumExplainedValueByteCount = 4 << 10
    /// Spans that an explanation names as repeats of a call: wrappers lie two or three deep.
    static let maximumExplainedRepeatCount = 20
    /// Of a value fetched apart, the beginning that is shown: enough to know what it is.
    static let spanValuePreviewByteCount = 512
    /// Traces of one export: what a spreadsheet opens. More are asked for in pieces of time.
    static let maximumExportRowCount = 100_000
    /// Faults of one request that its answer names: nobody reads more, and an answer is not to be larger than its question.
    static let maximumNamedErrorCount = 20
    /// Characters of such a fault's place.
    static let maximumErrorNameCharacterCount = 200
    /// Bytes of a batch of Langfuse's events: what Langfuse's own server takes. Its SDKs send 2.5 MB at most.
    static let maximumLangfuseBatchByteCount = 3_500_000
    /// Events of a batch, or scores of a request: SDKs send 15. Each score is a transaction, and each span is looked for in the store.
    static let maximumLangfuseEventCount = 1_000
    /// Bytes of an id of Langfuse's: those of its SDKs have 36.
    static let maximumLangfuseIDByteCount = 400
    /// Members of a metadata object of Langfuse's that become attributes of their own, and bytes of their keys: of more, or longer ones,
    /// the object is one attribute, so that a span keeps room for what else it says.
    static let maximumLangfuseMetadataCount = 64
    static let maximumLangfuseKeyByteCount = 128
    /// Of a run's comparison with its baseline, in each direction: more is no list that anybody reads.
    static let maximumListedChangeCount = 200
}
