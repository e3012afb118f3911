/// What a call for vectors cost: what the provider says, else by the price list, under the name that answered or the one that was asked.

import ByteCoding
import GenAIConventions
import Metastore
import ModelProviders
import RunExecution

enum EmbeddingCost {
    /// 0 where neither tells.
    static func nanoUSD(of answer: EmbeddingResponse, _ model: ModelReference, _ prices: PriceBook) -> Int64 {
        let cost = prices.cost(
            billed: answer.reportedCost, provider: model.provider, responseModel: answer.model, requestModel: model.model,
            usage: answer.usage, at: WallClock.nowUnixNano())
        return (cost ?? 0) > 0 ? (cost ?? 0).nanoUSD : 0
    }
}
