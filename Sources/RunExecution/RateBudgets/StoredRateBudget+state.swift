/// A rate budget as PostgreSQL keeps it <-> as it is counted with.

import Crypto
import GenAIConventions
import Metastore
import ModelProviders

extension StoredRateBudget {
    init(_ state: RateBudgetState) {
        self.init(
            requests: state.requests.map(StoredRateBucket.init), tokens: state.tokens.map(StoredRateBucket.init),
            blockedUntilUnixNano: state.blockedUntilUnixNano)
    }

    var state: RateBudgetState {
        var state = RateBudgetState()
        state.requests = requests.map(TokenBucket.init)
        state.tokens = tokens.map(TokenBucket.init)
        state.blockedUntilUnixNano = blockedUntilUnixNano
        return state
    }
}

extension StoredRateBucket {
    fileprivate init(_ bucket: TokenBucket) {
        self.init(
            capacity: bucket.capacity, refillPerSecond: bucket.refillPerSecond, level: bucket.level,
            updatedTimeUnixNano: bucket.updatedUnixNano)
    }
}

extension TokenBucket {
    fileprivate init(_ stored: StoredRateBucket) {
        self.init(
            capacity: stored.capacity, refillPerSecond: stored.refillPerSecond, level: stored.level,
            updatedUnixNano: stored.updatedTimeUnixNano)
    }
}

extension RateBudgetKey {
    /// SHA-256 of what is limited, its parts told apart by their lengths.
    var storedKey: [UInt8] {
        var hash = SHA256()
        for part in [provider.rawValue, baseURL, model, credentialID] {
            hash.update(data: Array("\(part.utf8.count):\(part)".utf8))
        }
        return Array(hash.finalize())
    }
}
