import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite struct FeatureScheduleTests {
    private static let hour: Int64 = 3_600_000_000_000
    private static let daily = FeatureSchedule(
        isEnabled: true, periodHours: 24, maximumTraceCount: 100, spendingCapNanoUSD: 1_000, filter: Array("{}".utf8))

    @Test("a window is due two minutes after its end; a schedule that was long away leaves old windows out")
    func due() {
        let schedule = Self.daily, next = 1_000 * 24 * Self.hour, end = next + 24 * Self.hour, grace: Int64 = 120_000_000_000
        #expect(schedule.dueWindow(next: next, nowUnixNano: next - 1) == nil)
        #expect(schedule.dueWindow(next: next, nowUnixNano: end + grace - 1) == nil)
        #expect(schedule.dueWindow(next: next, nowUnixNano: end + grace)?.start == next)
        #expect(schedule.dueWindow(next: next, nowUnixNano: end + grace)?.end == end)
        #expect(schedule.dueWindow(next: next, nowUnixNano: next + 7 * 24 * Self.hour + grace)?.start == next)
        #expect(schedule.dueWindow(next: next, nowUnixNano: next + 30 * 24 * Self.hour + grace)?.start == next + 23 * 24 * Self.hour)
        #expect(schedule.firstWindowStart(nowUnixNano: end + Self.hour) == next)
    }

    @Test("due windows become analyses, one after the other, without those of disabled schedules and archived projects")
    func orders() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features
        #expect(try await features.schedule(of: test.project.id) == nil)
        let stored = try await features.replaceSchedule(of: test.project.id, with: Self.daily, audit: test.audit)
        #expect(try await features.schedule(of: test.project.id) == stored && stored.schedule == Self.daily)
        let idle = try await test.metastore.projects.create(name: "Idle", in: test.organization.id)
        var disabled = Self.daily
        disabled.isEnabled = false
        _ = try await features.replaceSchedule(of: idle.id, with: disabled, audit: test.audit)
        // The newest complete window may have ended within the last two minutes.
        try await test.connection.query("UPDATE feature_schedules SET next_window_start = next_window_start - interval '24 hours'")
        let next = try #require(try await features.schedule(of: test.project.id)).nextWindowStartUnixNano
        #expect(try await features.orderDueAnalyses() == 1)
        let order = try #require(try await features.collecting(limit: 10).first).order
        #expect(order.windowStartUnixNano == next && order.windowEndUnixNano == next + 24 * Self.hour && order.maximumTraceCount == 100)
        #expect(try await features.schedule(of: test.project.id)?.nextWindowStartUnixNano == order.windowEndUnixNano)
        // A change that keeps the period goes on; another period begins anew.
        var dearer = Self.daily
        dearer.spendingCapNanoUSD = 5_000
        let kept = try await features.replaceSchedule(of: test.project.id, with: dearer, audit: test.audit)
        #expect(kept.nextWindowStartUnixNano == order.windowEndUnixNano && kept.schedule == dearer)
        dearer.periodHours = 1
        let moved = try await features.replaceSchedule(of: test.project.id, with: dearer, audit: test.audit)
        #expect(moved.nextWindowStartUnixNano % Self.hour == 0 && moved.nextWindowStartUnixNano > kept.nextWindowStartUnixNano - 1)
        _ = try await test.metastore.projects.archive(test.project.id, in: test.organization.id)
        try await test.connection.query("UPDATE feature_schedules SET next_window_start = next_window_start - interval '24 hours'")
        #expect(try await features.orderDueAnalyses() == 0)
    }

    @Test("what cannot be scheduled is refused by name")
    func refused() async throws {
        let test = try await TestMetastore.open()
        var wrong = Self.daily
        wrong.periodHours = 0
        let error = await failure { try await test.metastore.features.replaceSchedule(of: test.project.id, with: wrong, audit: test.audit) }
        #expect(error?.code == .invalid && error?.field == "period_hours")
    }
}
