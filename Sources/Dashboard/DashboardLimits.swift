/// Every limit of this target, with its reason.
enum DashboardLimits {
    /// Bytes of a form of our own: an address, a password and where to go next.
    static let maximumFormByteCount = 8 << 10
    /// Bytes of an answer of the API that a page is made of: a trace's window with its payloads' beginnings has some 5 MiB.
    static let maximumAnswerByteCount = 64 << 20
    /// Rows of a list that is shown whole: members, keys, changes of a draft. More than that nobody reads on one page.
    static let maximumRowCount = 2_000
    /// Traces of one user that charts are made of, ten pages of the list: more are told apart by no eye, and the list itself has them all.
    static let maximumChartedTraceCount = 10_000
    /// Bytes of a message or an article that is called Markdown; longer ones are shown as text.
    static let maximumMarkdownByteCount = 256 << 10
    /// Bytes of a text that is called JSON; longer ones are shown as they are.
    static let maximumHighlightedByteCount = 256 << 10
}
