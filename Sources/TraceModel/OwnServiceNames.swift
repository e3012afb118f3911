/// `service.name` of the spans that Spandrel makes of its own work: what users of an application did is not among them.

package enum OwnServiceNames {
    package static let testCaseWorker = "spandrel-testcase-worker"
    package static let featureAnalyzer = "spandrel-feature-analyzer"
    package static let knowledgeSearch = "spandrel-knowledge-search"

    package static let all: Set<String> = [testCaseWorker, featureAnalyzer, knowledgeSearch]
}
