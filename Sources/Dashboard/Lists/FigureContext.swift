/// A figure with its name above and a line below; the numbers of that line are figures, too.

enum FigureContext {
    /// A part of the line below: words, or a number that says what it is.
    struct Piece: Sendable {
        var metric = ""
        /// The raw number; nil where there is none.
        var value: Double?
        let text: String

        static func words(_ text: String) -> Piece { Piece(text: text) }

        static func number(_ metric: String, _ value: Double?, _ text: String) -> Piece { Piece(metric: metric, value: value, text: text) }

        var context: PageContext {
            .make {
                $0.set("has_metric", !metric.isEmpty)
                $0.set("metric", metric)
                $0.set("value", value.map { Figures.raw($0) })
                $0.set("text", text)
            }
        }
    }

    static func make(_ label: String, _ metric: String, _ value: Double?, _ text: String, more: [Piece] = []) -> PageContext {
        .make {
            $0.set("label", label)
            $0.set("metric", metric)
            $0.set("value", value.map { Figures.raw($0) })
            $0.set("text", text)
            $0.set("more", more.map(\.context))
        }
    }
}
