/// The pages that people see: HTML made on the server of what the JSON API answers them.
///
///     GET page -> APICaller: the API's router in process, as the signed-in user -> JSON -> context of the page -> template -> HTML
///
/// Pages read. What changes something is a request of the page's own module to the API, under CrossSiteRule.

import Access
import HTTPServer
import Hummingbird

package struct Dashboard: Sendable {
    private let accounts: Accounts
    private let hasIdentityProvider: Bool
    private let publicURL: String?
    private let responder: APIResponder
    private let renderer: PageRenderer

    /// - Parameters:
    ///   - api: the API's routes.
    ///   - problem: what an error thrown by them means.
    ///   - hasIdentityProvider: whether somebody may sign in elsewhere.
    ///   - publicURL: where exporters are told to send; nil: where the browser came to.
    /// - Throws: a template cannot be parsed.
    package init(
        api: [Route], problem: @escaping @Sendable (any Error) -> Problem, accounts: Accounts, hasIdentityProvider: Bool,
        publicURL: String?
    ) throws {
        self.accounts = accounts
        self.hasIdentityProvider = hasIdentityProvider
        self.publicURL = publicURL
        responder = APIResponder(routes: api, problem: problem)
        renderer = try PageRenderer(assets: AssetLibrary())
    }

    package var routes: [Route] { routes { _, _ in } }

    /// `made`: told of each page before it is rendered.
    func routes(made: @escaping @Sendable (Page, PageContext) -> Void) -> [Route] {
        let pages = PageRoutes(responder: responder, renderer: renderer, made: made)
        var routes = AssetHandlers(assets: renderer.assets).routes
        routes +=
            SessionHandlers(
                accounts: accounts, responder: responder, renderer: renderer, hasIdentityProvider: hasIdentityProvider
            ).routes
        routes += TokenPageHandlers(responder: responder, renderer: renderer, hasIdentityProvider: hasIdentityProvider).routes
        routes += ComponentsHandlers(renderer: renderer).routes
        routes += ProjectAPIHandlers(responder: responder).routes
        routes += StartHandlers().routes(pages)
        routes += ConnectHandlers(publicURL: publicURL).routes(pages)
        routes += TracesHandlers().routes(pages)
        routes += TraceHandlers(publicURL: publicURL).routes(pages)
        routes += ExplanationHandlers().routes(pages)
        routes += OverviewHandlers().routes(pages)
        routes += SessionListHandlers().routes(pages)
        routes += ConversationHandlers().routes(pages)
        routes += RunHandlers().routes(pages)
        routes += SuiteHandlers().routes(pages)
        routes += KnowledgeHandlers().routes(pages)
        routes += DraftHandlers().routes(pages)
        routes += SettingsHandlers(publicURL: publicURL).routes(pages)
        routes += AccountHandlers().routes(pages)
        routes += HealthHandlers().routes(pages)
        return routes
    }

    /// For `makeRouter`.
    package var problemPage: ProblemPage {
        let pages = ProblemPages(responder: responder, renderer: renderer)
        return { await pages.response($0, $1, $2) }
    }
}
