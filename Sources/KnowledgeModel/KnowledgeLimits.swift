/// Every limit of a knowledge base, with its reason.
package enum KnowledgeLimits {
    /// Bytes of an entry's key: it is a column of an index and a path in an exported folder.
    package static let maximumKeyByteCount = 512
    /// Bytes of a title, a name, a path, a type: they stand in lists and headings.
    package static let maximumNameByteCount = 1024
    /// Bytes of an entry's content as JSON: what a person reads and a model is told; a longer text is a folder of articles.
    package static let maximumContentByteCount = 1 << 20
    /// Containers within containers in a content: readers recurse.
    package static let maximumDepth = 64
    /// Tags of an entry.
    package static let maximumTagCount = 64
    /// Bytes of a tag: what people filter by.
    package static let maximumTagByteCount = 128
    /// Columns of a table: PostgreSQL has at most 1,600.
    package static let maximumColumnCount = 1600
    /// Keys of a table, columns of a key.
    package static let maximumTableKeyCount = 256
    /// Entries of a revision. Lists of a draft's and of two revisions' differences are made in memory.
    package static let maximumEntryCount = 100_000
    /// Bytes of a table's column's default: an expression, not a program.
    package static let maximumExpressionByteCount = 16 << 10
    /// Estimated tokens of a chunk: the smaller models for embeddings take 512, and title and headings come on top.
    package static let maximumChunkTokenCount = 400
    /// Estimated tokens that a chunk repeats from the one before in the same section: a thought that crosses the cut is found whole.
    package static let chunkOverlapTokenCount = 50
    /// Sections of fewer estimated tokens than this share a chunk with small neighbours: a page of one-line sections is no page of chunks.
    package static let smallChunkTokenCount = 40
    /// Estimated tokens of what each piece of a long table or code block repeats: the table's head, the block's opening line.
    package static let maximumRepeatedTokenCount = 100
    /// Bytes of a heading in a chunk's heading path; the heading of a longer one is cut there and kept whole in the text.
    package static let maximumHeadingByteCount = 256
    /// Steps of comparing the lines of two texts, beyond which what lies between unique common lines counts as replaced.
    package static let maximumComparisonStepCount = 10_000_000
    /// Edits that are looked for between two unique common lines: their traces are held, 4 bytes for each pair.
    package static let maximumEditCount = 1000
}
