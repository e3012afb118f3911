/// Every limit of bringing documents into a knowledge base, with its reason.
import KnowledgeModel

package enum KnowledgeImportLimits {
    /// Problems that one import names; the rest is counted.
    package static let maximumProblemCount = 500

    // MARK: OpenAPI

    /// Bytes of a document: the largest in use have some 15 MiB.
    package static let maximumDocumentByteCount = 32 << 20
    /// Nodes of a YAML document of that size: one to every eight bytes.
    static let maximumYAMLNodeCount = 4 << 20
    /// Containers within containers in a JSON document: readers recurse.
    static let maximumJSONDepth = 128
    /// Operations of a document.
    package static let maximumOperationCount = 20_000
    /// Bytes of an operation's details with everything in place of its references; beyond, the schemas that are large keep theirs. Pages
    /// of what is said once in the document are no help to a reader, and a thousand such operations are a database of their own.
    package static let maximumInlinedByteCount = 256 << 10
    /// Bytes from which on a schema counts as large in such an operation.
    static let largeSchemaByteCount = 4 << 10
    /// Bytes of an operation's summary, description and id: pages of text, as some authors write them; the longest seen has 10 KiB.
    static let maximumOperationTextByteCount = 64 << 10
    /// Bytes of an operation's details in any form: its content with title, tags and texts stays below `KnowledgeLimits`.
    static let maximumDetailsByteCount = KnowledgeLimits.maximumContentByteCount - maximumOperationTextByteCount - (16 << 10)
    /// Containers within containers in an operation's details: they stand inside a content, and that inside an entry.
    static let maximumDetailsDepth = KnowledgeLimits.maximumDepth - 4
    /// Bytes of all entries of an upload as JSON, whether it is one document or an archive of hundreds: references multiply, each operation is
    /// stored whole, and all of it is in memory while it is written.
    package static let maximumExpandedByteCount = 512 << 20
    /// Schemas looked at while the operations of an upload are put together: some seconds.
    static let maximumVisitCount = 50_000_000
    /// References that only lead to another reference.
    static let maximumReferenceChainLength = 32

    // MARK: Archives

    /// Bytes of the operations in one document of an export, as JSON without white space: with it, a document stays readable.
    static let maximumExportedPartByteCount = 6 << 20

    /// Bytes of an archive, and of all files in it.
    package static let maximumArchiveByteCount = 64 << 20
    package static let maximumUnpackedByteCount = 256 << 20
    /// Files of an archive: as many as a knowledge base has entries.
    package static let maximumFileCount = KnowledgeLimits.maximumEntryCount
    /// How many times larger than its packed form a file may be, from `minimumRatioByteCount` on: text packs to a tenth, zeros to a thousandth.
    static let maximumCompressionRatio = 200
    static let minimumRatioByteCount = 64 << 10
    /// Bytes of a Markdown file: an entry's content as JSON, which YAML may write at greater length.
    static let maximumMarkdownByteCount = 2 * KnowledgeLimits.maximumContentByteCount
    /// Bytes of a text in it: its content with title and tags stays below `KnowledgeLimits`.
    static let maximumTextByteCount = KnowledgeLimits.maximumContentByteCount - (16 << 10)
    /// Bytes of a file's path in an archive.
    static let maximumPathByteCount = 1024

    // MARK: CREATE TABLE text

    /// Bytes of a text of statements: a dump without its rows.
    package static let maximumSQLByteCount = 16 << 20
    /// Tables of a text or of a database's schemas.
    package static let maximumTableCount = 10_000
    /// Columns of all tables together: a catalog is read into memory.
    package static let maximumTotalColumnCount = 200_000
    /// Parentheses within parentheses.
    static let maximumParenthesisDepth = 256
    /// Bytes of a default's expression or of a type as written.
    static let maximumExpressionByteCount = 4096

    // MARK: PostgreSQL

    /// Milliseconds that a statement on the catalog may take.
    package static let catalogStatementMilliseconds = 20_000
    /// Hosts of one connection string: a primary and its replicas.
    static let maximumHostCount = 8
    /// Schemas that one reading names.
    package static let maximumSchemaCount = 100
}
