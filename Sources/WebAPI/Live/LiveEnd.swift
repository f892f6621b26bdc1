import NIOWebSocket

/// Why a stream ends although its client is still there.
enum LiveEnd: Sendable {
    /// The process stops.
    case stopping
    /// Whoever listens would no longer be let in.
    case unwelcome
    /// Not everything could be told: the client takes too little, or the database did not answer.
    case behind

    /// How a WebSocket says it.
    var code: WebSocketErrorCode {
        switch self {
        case .stopping: .goingAway
        case .unwelcome: .policyViolation
        // "Try again later": the client comes back with its last number.
        case .behind: .unknown(1013)
        }
    }
}
