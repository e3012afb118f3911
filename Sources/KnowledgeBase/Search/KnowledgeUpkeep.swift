/// What a process does beside its searches of knowledge bases: it reads revisions before the first search asks for them, and takes away
/// files of vectors that no search needs any more.

import Logging
import Metastore
import ServiceLifecycle

/// A revision that became active is read before the first search asks for it.
package struct KnowledgeWarming: Service {
    private let retriever: KnowledgeRetriever
    private let metastore: Metastore
    private let logger: Logger

    package init(retriever: KnowledgeRetriever, metastore: Metastore, logger: Logger) {
        self.retriever = retriever
        self.metastore = metastore
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await announcement in metastore.knowledgeAnnouncements(logger: logger) {
                guard case .activated(let project, let revision) = announcement else { continue }
                // A search that comes first reads it itself, and says what is wrong.
                do throws(KnowledgeSearchError) { try await retriever.prepare(.revision(revision), in: project) } catch {
                    logger.warning("a revision could not be read beforehand", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}

/// Files of vectors of archived projects and of models that are not used any more go when the process starts, and with time.
package struct VectorCleaning: Service {
    private let retriever: KnowledgeRetriever
    private let logger: Logger

    package init(retriever: KnowledgeRetriever, logger: Logger) {
        self.retriever = retriever
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(KnowledgeSearchError) { try await retriever.removeUnusedFiles() } catch {
                    if error.code != .cancelled {
                        logger.warning("files of vectors cannot be looked through", metadata: ["error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: .seconds(KnowledgeSearchLimits.cleaningSeconds))
            }
        }
    }
}
