import ByteCoding
import CurlClient
import EvaluationModel
import GenAIConventions
import Metastore
import Testing

@testable import RunExecution

@Suite("An endpoint of the user's application")
struct CellTargetTests {
    @Test("may be silent for as long as the run gives it")
    func timeouts() throws {
        let json = #"{"name": "r", "targets": [{"name": "a", "kind": "http", "url": "http://x/", "timeout_seconds": 900}]}"#
        guard case .http(let target) = try RunSpecification(json: try JSONValue.parse(json)).targets[0].kind else {
            return #expect(Bool(false))
        }
        let timeouts = HTTPCellTarget(target: target, client: CurlClient(), addressPolicy: .publicOnly).timeouts
        #expect(timeouts.firstByte == .seconds(900) && timeouts.idle == .seconds(900) && timeouts.total == .seconds(900))
        #expect(timeouts.connect == .seconds(10))
    }

    @Test("that asks for more patience than a run has is given up", arguments: [3_601, 1e9, 1e300, .infinity])
    func impatience(asked: Double) {
        let fault = CellFault("target", "busy", isTransient: true, retryAfterSeconds: asked)
        #expect(fault.retryDelay(afterAttempt: 1, maximumAttemptCount: 5, random: 0.5) == nil)
    }

    @Test("that asks for less is obeyed", arguments: [0, 30, 3_600.0])
    func patience(asked: Double) {
        let fault = CellFault("target", "busy", isTransient: true, retryAfterSeconds: asked)
        #expect(fault.retryDelay(afterAttempt: 1, maximumAttemptCount: 5, random: 0) == asked)
    }

    @Test("costs a bounded amount a try, so that amounts can be added up", arguments: [1e12, 1e300, .infinity])
    func bounded(cost: Double) {
        var output = CellOutput()
        output.cost = cost
        output.usage = TokenUsage(input: .max, output: .max)
        output.spentInVain = CellSpending(costNanoUSD: .max, inputTokens: .max, outputTokens: .max)
        let sum = (0..<1000).reduce(Int64(0)) { sum, _ in sum + output.spent.costNanoUSD + output.spent.inputTokens }
        #expect(sum == 1000 * (MetastoreLimits.maximumAttemptNanoUSD + MetastoreLimits.maximumAttemptTokenCount))
    }
}
