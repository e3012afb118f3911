/// The API's document of the server's health as figures, checks, space, what was refused, and queues. Each figure's metric is its member's
/// path in the document.

import ByteCoding

struct HealthContent: Sendable {
    let health: JSONValue

    private static let checkNames = ["postgres": "PostgreSQL", "store": "Store", "disk": "Disk"]
    /// From this share of what there may be a meter warns, in percent.
    private static let warnedShare: Int64 = 80

    func set(in context: inout PageContext) {
        let checks = health["checks"]?.objectValue ?? [], broken = checks.filter { $0.value.stringValue != "ok" }
        context.set("tone", broken.isEmpty ? "good" : "bad")
        context.set("summary", broken.isEmpty ? "Everything works." : Sentence.text(broken.map { problem($0) }.joined(separator: "; ")))
        context.set("uptime", number("uptime_seconds").map { Figures.raw($0) })
        context.set("uptime_text", Figures.duration(milliseconds: 1_000 * (health.number("uptime_seconds") ?? .nan)))
        context.set("figures", figures)
        context.set("checks", checks.map { check($0) })
        context.set("spaces", spaces)
        let refused = refused
        context.set("has_refused", !refused.isEmpty)
        context.set("refused", refused)
        let queues = health["job_queues"]?.arrayValue
        context.set("has_queues", queues?.isEmpty == false)
        context.set("no_queues_text", queues == nil ? "PostgreSQL does not answer." : "No job waits.")
        context.set("queues", (queues ?? []).map(queue))
    }

    private func problem(_ check: JSONMember) -> String {
        "\(Self.checkNames[check.key] ?? check.key): \(check.value.stringValue ?? "unknown")"
    }

    private func check(_ check: JSONMember) -> PageContext {
        let isWell = check.value.stringValue == "ok"
        return .make {
            $0.set("name", Self.checkNames[check.key] ?? check.key)
            $0.set("tone", isWell ? "good" : "bad")
            $0.set("state_text", isWell ? "works" : "does not work")
            $0.set("text", isWell ? "works" : check.value.stringValue)
        }
    }

    // MARK: Figures

    /// The number at a path such as `ingest.acknowledgement_ms.p95`.
    private func number(_ path: String) -> Double? {
        path.split(separator: ".").reduce(Optional(health)) { at, name in at?[String(name)] }?.doubleValue
    }

    private func count(_ path: String) -> Int64 { number(path).flatMap { Int64(exactly: $0) } ?? 0 }

    private var figures: [PageContext] {
        let seconds = number("ingest.rate_seconds").map { seconds -> [FigureContext.Piece] in
            let text = Figures.duration(milliseconds: 1_000 * seconds)
            return [.words("over the last "), .number("health.ingest.rate_seconds", seconds, text)]
        }
        return [
            figure("Spans a second", "ingest.spans_per_second", { rate($0) }, more: seconds ?? [.words("after the second look")]),
            figure(
                "Requests a second", "ingest.requests_per_second", { rate($0) },
                more: number("ingest.bytes_per_second") == nil
                    ? [] : [piece("ingest.bytes_per_second") { Figures.bytes(Int64($0)) }, .words(" a second")]),
            figure(
                "Acknowledged within", "ingest.acknowledgement_ms.p95", { Figures.duration(milliseconds: $0) },
                more: [.words("95 % of exports; 99 % "), latency("ingest.acknowledgement_ms.p99")]),
            figure(
                "Made durable within", "wal.fdatasync_ms.p95", { Figures.duration(milliseconds: $0) },
                more: [.words("95 % of writes; 99 % "), latency("wal.fdatasync_ms.p99")]),
            figure(
                "Spans stored", "ingest.stored_spans", { Figures.count(Int64($0)) },
                more: [
                    countPiece("ingest.duplicate_requests"),
                    .words(count("ingest.duplicate_requests") == 1 ? " repeated request" : " repeated requests"),
                ]),
            figure(
                "PostgreSQL connections", "postgres.connections", { Figures.count(Int64($0)) },
                more: [
                    countPiece("postgres.idle_connections"), .words(" idle, "), countPiece("postgres.waiting"), .words(" waiting for one"),
                ]),
        ]
    }

    private func rate(_ value: Double) -> String { value < 10 ? Figures.fixed(value, 1) : Figures.count(Int64(value.rounded())) }

    private func latency(_ path: String) -> FigureContext.Piece { piece(path) { Figures.duration(milliseconds: $0) } }

    private func countPiece(_ path: String) -> FigureContext.Piece { piece(path) { Figures.count(Int64($0)) } }

    private func piece(_ path: String, _ text: (Double) -> String) -> FigureContext.Piece {
        let value = number(path)
        return .number("health." + path, value, value.map(text) ?? "–")
    }

    private func figure(_ label: String, _ path: String, _ text: (Double) -> String, more: [FigureContext.Piece]) -> PageContext {
        let value = number(path)
        return FigureContext.make(label, "health." + path, value, value.map(text) ?? "–", more: more)
    }

    // MARK: Space

    private var spaces: [PageContext] {
        let damaged = count("segments.damaged"), waiting = count("memtables.waiting_to_be_sealed")
        let sealing: [FigureContext.Piece] =
            waiting > 0 ? [.words(", "), countPiece("memtables.waiting_to_be_sealed"), .words(" of the tables being sealed")] : []
        let broken: [FigureContext.Piece] = damaged > 0 ? [.words(", "), countPiece("segments.damaged"), .words(" damaged")] : []
        return [
            space("Requests under way", "ingest.bytes_in_flight", of: "ingest.maximum_bytes_in_flight"),
            space("Write-ahead log", "wal.bytes_in_use", of: "wal.bytes", warns: false),
            space("In memory", "memtables.bytes", more: counted("memtables.spans", "span", "spans") + sealing),
            space(
                "Sealed", "segments.bytes",
                more: counted("segments.spans", "span", "spans") + [.words(" in ")] + counted("segments.count", "segment", "segments")
                    + broken,
                tone: damaged > 0 ? "bad" : ""),
            space("Free on disk", "disk.free_bytes", more: yielding.map { [.words($0.text)] } ?? [], tone: yielding?.tone ?? ""),
        ]
    }

    /// What gives way because the disk is nearly full.
    private var yielding: (text: String, tone: String)? {
        switch health["disk"]?.text("level") {
        case "reclaiming": ("what is due for deletion goes at once", "warn")
        case "saving": ("segments are not merged", "warn")
        case "refusing": ("spans are refused", "bad")
        default: nil
        }
    }

    private func counted(_ path: String, _ one: String, _ many: String) -> [FigureContext.Piece] {
        [countPiece(path), .words(count(path) == 1 ? " " + one : " " + many)]
    }

    private func space(
        _ name: String, _ path: String, of whole: String? = nil, more: [FigureContext.Piece] = [], tone: String = "", warns: Bool = true
    ) -> PageContext {
        let value = number(path), total = whole.flatMap { number($0) }.flatMap { $0 > 0 ? $0 : nil }
        let share = value.flatMap { value in total.map { Int64((100 * min(1, max(0, value / $0))).rounded()) } }
        var pieces = [piece(path) { Figures.bytes(Int64($0)) }]
        if let whole, total != nil { pieces += [.words(" of "), piece(whole) { Figures.bytes(Int64($0)) }] }
        if !more.isEmpty { pieces += [.words(" · ")] + more }
        return .make {
            $0.set("name", name)
            $0.set("more", pieces.map(\.context))
            $0.set("has_meter", share != nil)
            $0.set("share", share ?? 0)
            $0.set("tone", !tone.isEmpty ? tone : warns && (share ?? 0) >= Self.warnedShare ? "warn" : "")
        }
    }

    // MARK: Refused, queues

    /// Spans by reason, requests by reason, then what became of refused spans; what never happened is left out.
    private var refused: [PageContext] {
        func group(_ member: String, _ kind: String) -> [(String, String, Int64)] {
            (health["ingest"]?[member]?.objectValue ?? []).map {
                ("\(kind): \($0.key.replacing("_", with: " "))", "ingest.\(member).\($0.key)", $0.value.integerValue ?? 0)
            }
        }
        let kept = [
            ("Spans kept in quarantine", "quarantine.kept_spans"),
            ("Spans gone from quarantine for newer ones", "quarantine.evicted_spans"),
            ("Spans gone from quarantine for their age", "quarantine.expired_spans"),
            ("Spans stored out of quarantine", "quarantine.replayed_spans"),
            ("Spans deleted from quarantine", "quarantine.deleted_spans"),
            ("Spans that could not be kept", "quarantine.lost_spans"),
            ("Records of quarantine that could not be read", "quarantine.damaged_records"),
        ].map { ($0.0, $0.1, count($0.1)) }
        let all = group("rejected_spans", "Spans") + group("refused_requests", "Requests") + kept
        return all.filter { $0.2 > 0 }.map { reason, path, count in
            .make {
                $0.set("reason", reason)
                $0.set("metric", "health." + path)
                $0.set("count", count)
                $0.set("count_text", Figures.count(count))
            }
        }
    }

    private func queue(_ queue: JSONValue) -> PageContext {
        .make {
            let name = queue.text("queue"), oldest = queue.number("oldest_wait_seconds")
            $0.set("name", name.replacing("_", with: " "))
            $0.set("metric", "health.job_queues." + name)
            $0.set("waiting", queue.integer("queued") ?? 0)
            $0.set("running", queue.integer("leased") ?? 0)
            $0.set("oldest", oldest.map { Figures.raw($0) })
            $0.set("oldest_text", oldest.map { Figures.duration(milliseconds: 1_000 * $0) } ?? "–")
        }
    }
}
