/// What a CI system says of the commit it works on, in environment variables: metadata of runs, by which baselines are found.

import ByteCoding

package struct CIEnvironment: Equatable, Sendable {
    package var branch: String?
    package var commit: String?
    /// The page of the job.
    package var url: String?
    /// Whether a CI system runs this at all.
    package var isCI = false

    /// - Parameter variable: an environment variable's value; nil when it is unset or empty.
    package init(_ variable: (String) -> String?) {
        func first(_ names: String...) -> String? { names.lazy.compactMap(variable).first }
        isCI = variable("CI").map { $0 != "false" && $0 != "0" } ?? false
        if variable("GITHUB_ACTIONS") != nil {
            isCI = true
            branch = Self.gitHubBranch(variable)
            commit = variable("GITHUB_SHA")
            if let server = variable("GITHUB_SERVER_URL"), let repository = variable("GITHUB_REPOSITORY"),
                let run = variable("GITHUB_RUN_ID")
            {
                url = "\(server)/\(repository)/actions/runs/\(run)"
            }
        } else {
            branch = first(
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME", "BUILDKITE_BRANCH", "CIRCLE_BRANCH",
                "BITBUCKET_BRANCH", "BUILD_SOURCEBRANCHNAME", "BRANCH_NAME", "GIT_BRANCH")
            commit = first(
                "CI_COMMIT_SHA", "BUILDKITE_COMMIT", "CIRCLE_SHA1", "BITBUCKET_COMMIT", "BUILD_SOURCEVERSION", "GIT_COMMIT")
            url = first("CI_JOB_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL", "BUILD_URL")
            isCI = isCI || first("GITLAB_CI", "BUILDKITE", "CIRCLECI", "JENKINS_URL", "TF_BUILD", "BITBUCKET_COMMIT") != nil
        }
    }

    /// A pull request from a fork's `main` onto `main` is not `main`: its runs must not become what others are compared with.
    private static func gitHubBranch(_ variable: (String) -> String?) -> String? {
        guard let head = variable("GITHUB_HEAD_REF") else { return variable("GITHUB_REF_NAME") }
        guard head == variable("GITHUB_BASE_REF") else { return head }
        // refs/pull/12/merge
        let parts = (variable("GITHUB_REF") ?? "").split(separator: "/")
        return parts.count == 4 && parts[1] == "pull" ? "pull/\(parts[2])" : "pull/\(head)"
    }

    /// What is known, as the members of a run's metadata.
    package var metadata: [JSONMember] {
        [("branch", branch), ("commit", commit), ("ci_url", url)].compactMap { key, value in
            value.map { JSONMember(key: key, value: .string($0)) }
        }
    }
}
