import Synchronization

/// Counts what comes from many places: a bucket of tokens for each, which fills evenly.
///
/// Kept by this process alone: with several behind one address, each lets through as much.
final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    /// How many places are remembered; beyond that those are forgotten whose buckets are full again.
    private static var remembered: Int { 20_000 }

    private let limit: RateLimit
    private let buckets = Mutex<[Key: Bucket]>([:])

    init(_ limit: RateLimit) {
        self.limit = limit
    }

    /// Lets a request through, or says after how many seconds it may come again.
    ///
    /// - Parameters:
    ///   - key: Where it comes from.
    ///   - now: The present.
    /// - Returns: nil when it may pass.
    func wait(for key: Key, now: ContinuousClock.Instant) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= Self.remembered { forgetFull(&buckets, now) }
            let tokens = buckets[key].map { filled($0, now) } ?? Double(limit.atOnce)
            guard tokens >= 1 else {
                buckets[key] = Bucket(tokens: tokens, at: now)
                return max(1, Int(((1 - tokens) / Double(limit.perSecond)).rounded(.up)))
            }
            buckets[key] = Bucket(tokens: tokens - 1, at: now)
            return nil
        }
    }

    private func filled(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        let seconds = max(0, (now - bucket.at) / .seconds(1))
        return min(Double(limit.atOnce), bucket.tokens + seconds * Double(limit.perSecond))
    }

    private func forgetFull(_ buckets: inout [Key: Bucket], _ now: ContinuousClock.Instant) {
        buckets = buckets.filter { filled($0.value, now) < Double(limit.atOnce) }
        // All of them are busy, which is an attack from very many places: then nobody is remembered.
        if buckets.count >= Self.remembered { buckets = [:] }
    }
}
