import Testing

import Ingest

@Suite("Admission by bytes in flight")
struct AdmissionTests {
    private func control(budget: Int) -> AdmissionControl { AdmissionControl(limits: IngestLimits(maximumByteCountInFlight: budget)) }

    @Test("a body counts three times, and its share comes back when the request ends")
    func share() throws {
        let control = control(budget: 1000)
        var admission: Admission? = control.begin()
        try admission?.reserve(bodyByteCount: 100)
        #expect(control.currentByteCount == 300)
        try admission?.reserve(bodyByteCount: 60)
        #expect(control.currentByteCount == 300)
        try admission?.reserve(bodyByteCount: 200)
        #expect(control.currentByteCount == 600)
        admission = nil
        #expect(control.currentByteCount == 0)
    }

    @Test("over the budget a request is told to come back, and takes nothing")
    func refusal() throws {
        let control = control(budget: 1000)
        let first = control.begin()
        try first.reserve(bodyByteCount: 300)
        let second = control.begin()
        let error = #expect(throws: IngestError.self) { try second.reserve(bodyByteCount: 40) }
        #expect(error?.code == .overloaded)
        #expect(error?.retryAfterSeconds == 1)
        #expect(control.currentByteCount == 900)
        try second.reserve(bodyByteCount: 33)
        #expect(control.currentByteCount == 999)
        withExtendedLifetime((first, second)) {}
    }

    @Test("a request larger than the whole budget passes while it is alone")
    func alone() throws {
        let control = control(budget: 1000)
        let large = control.begin()
        try large.reserve(bodyByteCount: 5000)
        #expect(throws: IngestError.self) { try control.begin().reserve(bodyByteCount: 1) }
        withExtendedLifetime(large) {}
    }
}
