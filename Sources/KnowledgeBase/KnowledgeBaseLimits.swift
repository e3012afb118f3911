/// Every limit of this target, with its reason: of searches, and of the work on uploads and promotions.

package enum KnowledgeSearchLimits {
    /// Numbers of a vector: what a row of `knowledge_embeddings` takes, and four times the longest that providers answer.
    package static let maximumDimensionCount = 16_384
    /// Rows of a vector file that room is mapped for when it is made; doubled as it grows.
    static let firstRowCapacity = 1_024
    /// Rows of a vector file: two revisions of the largest knowledge base that is searched row by row in good time.
    static let maximumRowCount = 4_000_000
    /// Rows below which one thread is as quick as two.
    static let leastRowCountOfTwoThreads = 2_048
    /// Threads that one search is split over: what a small machine has.
    static let threadCount = 2
    /// Files of one project and model, as many as there may be processes on one directory.
    static let maximumFileCount = 64
    /// Rows below which a file is not worth making anew, however many are dead.
    static let leastRowCountOfRebuilding = 4_096
    /// Bytes of a question: a page of text; what is longer is a document.
    package static let maximumQuestionByteCount = 8 << 10
    /// Hits of an answer, and how many when nobody says.
    package static let maximumHitCount = 50
    package static let defaultHitCount = 10
    /// Tags that a search may ask for at once.
    package static let maximumTagCount = 64
    /// Chunks that each of the two lists holds which are ranked together.
    static let listCount = 100
    /// Chunks that the words of a question bring together, and those that one of them brings alone: some ten milliseconds of PostgreSQL.
    static let maximumFindCount = 4_000
    /// Words of a question that are looked for, the rarest.
    static let maximumSoughtWordCount = 32
    /// Chunks of a view that a search keeps in memory: a hundred thousand articles of ten each.
    static let maximumChunkCount = 1_000_000
    /// Bytes of views kept in memory: some forty of the size of a hundred thousand chunks are not, thousands of small ones are.
    static let maximumViewByteCount = 128 << 20
    /// Views whose rows of a vector file are kept, of each file.
    static let maximumRowViewCount = 8
    /// Vector files that are open at once; those not asked for longest are closed, and opened again when they are.
    static let maximumOpenFileCount = 64
    /// Seconds between two looks for vector files that nothing is searched with any more.
    static let cleaningSeconds = 3_600
    /// Vectors read from PostgreSQL by one statement: a few megabytes.
    static let loadedVectorCount = 1_000
    /// Seconds until vectors that a view lacked are looked for again.
    static let missingVectorSeconds = 5
    /// Seconds that a question's embedding may take; then it is answered by words alone.
    static let questionEmbeddingSeconds = 10
    /// Spans of searches that wait for delivery; later ones are lost and counted.
    static let maximumWaitingSpanCount = 2_000
    /// Searches whose spans go into one request.
    static let deliveredSearchCount = 100
    /// Seconds until spans are offered again to a server that did not take them.
    static let deliveryPauseSeconds = 5
}

package enum KnowledgeWorkLimits {
    /// Promotions under way in one process: most of them wait for a gate's run and do nothing.
    static let promotionCount = 16
    /// Uploads read at a time in one process: a document of 32 MiB takes some hundred MiB while it is read.
    static let uploadCount = 1
    /// Attempts; only workers that died and tries that failed count. An upload that kills its worker kills the next one, too.
    static let maximumPromotionAttemptCount = 20
    static let maximumUploadAttemptCount = 4
    /// Texts embedded by one call, and bytes of them: providers take 100 and more, and what a call costs is what a worker that dies pays
    /// twice.
    static let embeddingBatchCount = 64
    /// Texts read at a time: what is missing is looked for among all texts of a knowledge base, which is not to be done for each call. A text
    /// has some KiB.
    static let embeddingReadCount = 2_048
    static let embeddingBatchByteCount = 128 << 10
    /// Chunks whose words are indexed by one transaction: a second.
    static let indexedChunkCount = 1_000
    /// One in so many of a project's chunks that a draft brings makes its words be counted anew.
    static let countedShare = 20
    /// After so many promotions that brought less, words are counted anew, too.
    static let countedRevisionCount = 16
    /// Seconds between two attempts, doubled with each.
    static let firstRetryDelaySeconds = 2.0
    static let maximumRetryDelaySeconds = 120.0
    /// Seconds that a provider may ask to wait before another try: with more the promotion fails, and says why.
    static let maximumObeyedDelaySeconds = 3_600.0
    /// Seconds between two heartbeats: three fit into a lease.
    static let heartbeatSeconds = 5
    /// Seconds between two looks for work, or at a gate's run, when nothing was announced.
    static let idleSeconds = 2
    static let gateIdleSeconds = 30
    /// Seconds that a call under way has to end when the worker stops.
    static let drainSeconds = 10
    /// Seconds between two steps of the collection: a hundred thousand contents are gone through in an hour.
    static let collectionSeconds = 30
    /// Milliseconds between two tellings of an upload's progress.
    static let progressMilliseconds = 500
    /// Problems of an upload in its report, of each severity; all are counted.
    static let reportedProblemCount = 100
    /// Bytes of passages that are put in for `{{context}}`: what models with small windows take beside their prompt.
    static let contextByteCount = 96 << 10
}
