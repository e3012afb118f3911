import Testing

@testable import HTTPAPI

@Suite struct MailSlotsTests {
    @Test("invitations and resets have room of their own, and no organization takes all of it")
    func room() {
        var slots = MailSlots()
        func take(_ kind: MailSlots.Kind, _ sender: String? = nil) -> Bool { slots.take(kind, for: sender) }
        var count = 0
        while take(.invitation, "flood") { count += 1 }
        #expect(count == MailLimits.maximumMailCountPerSender)
        for organization in 0..<(MailLimits.maximumMailCount - count) { #expect(take(.invitation, "o\(organization)")) }
        #expect(!take(.invitation, "late"))
        for _ in 0..<MailLimits.maximumMailCount { #expect(take(.passwordReset)) }
        #expect(!take(.passwordReset))
        #expect(slots.refusedCounts == [.invitation: 2, .passwordReset: 1])
        slots.giveBack(.invitation, for: "flood")
        #expect(take(.invitation, "flood"))
        slots.giveBack(.passwordReset, for: nil)
        #expect(take(.passwordReset))
    }
}
