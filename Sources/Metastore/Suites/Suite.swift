/// A suite of test cases, and its versions.

import EvaluationModel
import TraceModel

package struct SuiteID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct TestCaseID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct TestCaseVersionID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct Suite: Sendable, Equatable {
    package let id: SuiteID
    package let projectID: ProjectID
    package let name: String
    package let description: String
    /// Of the newest version; 0: it never had a case.
    package let currentVersion: Int
    package let caseCount: Int
    package let createdTimeUnixNano: Int64
    package let archivedTimeUnixNano: Int64?
}

package struct SuiteVersion: Sendable, Equatable {
    package enum Source: String, Sendable, Equatable {
        case api, span, `import`, file, draft
    }

    package let suiteID: SuiteID
    package let number: Int
    package let source: Source
    package let message: String
    package let caseCount: Int
    package let createdTimeUnixNano: Int64
}

/// A case as it is in some versions of its suite.
package struct StoredTestCase: Sendable, Equatable {
    package let id: TestCaseID
    package let versionID: TestCaseVersionID
    package let introducedIn: Int
    /// nil: it is in the newest version.
    package let removedIn: Int?
    package let key: String
    /// JSON text of a `TestCaseContent`.
    package let content: [UInt8]
}

/// What is to become of a suite, in one version.
package struct SuiteEdit: Sendable {
    /// Cases to be added, or to take the place of those with their keys; each key once.
    package var puts: [FrozenTestCase]
    /// Keys of cases to be taken out; those that are not there are passed over.
    package var removals: [String]
    /// Take out every case that is not in `puts`: a file is the whole suite.
    package var replacesAll: Bool
    package var source: SuiteVersion.Source
    package var message: String
    /// The version it was made against; nil: whichever is the newest.
    package var expectedVersion: Int?

    package init(
        puts: [TestCaseContent] = [], removals: [String] = [], replacesAll: Bool = false, source: SuiteVersion.Source, message: String = "",
        expectedVersion: Int? = nil
    ) {
        self.init(
            frozen: puts.map(FrozenTestCase.init), removals: removals, replacesAll: replacesAll, source: source, message: message,
            expectedVersion: expectedVersion)
    }

    package init(
        frozen puts: [FrozenTestCase], removals: [String] = [], replacesAll: Bool = false, source: SuiteVersion.Source,
        message: String = "", expectedVersion: Int? = nil
    ) {
        self.puts = puts
        self.removals = removals
        self.replacesAll = replacesAll
        self.source = source
        self.message = message
        self.expectedVersion = expectedVersion
    }
}

/// What an edit did, or would do. With nothing to change there is no new version.
package struct SuiteEditResult: Sendable, Equatable {
    package var version: SuiteVersion?
    /// The number of the suite's newest version afterwards.
    package var newestVersion = 0
    package var addedCount = 0
    package var changedCount = 0
    package var removedCount = 0
}
