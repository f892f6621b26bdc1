internal import Database
internal import Jobs

extension ChaosJudge {
    /// How soon a lost process's jobs run again.
    static let recoveryLimit: Duration = .seconds(30)

    /// Each lease that was lost with a process that was killed or stopped, and when its job was claimed again.
    private static var recoveries: SQL {
        """
        SELECT lost.job_id, lost.lease, loss.label, loss.at AS lost_at, next.claimed_at AS again_at
        FROM queue.attempts lost
        JOIN chaos.lives life ON life.worker_id = lost.worker_id
        CROSS JOIN LATERAL (
            -- A process may be stopped more than once: the loss is the last one before its jobs were taken back.
            SELECT l.label, l.at FROM chaos.losses l
            WHERE l.label = life.label AND l.at <= lost.finished_at
            ORDER BY l.at DESC
            LIMIT 1
        ) loss
        CROSS JOIN LATERAL (
            SELECT a.claimed_at FROM queue.attempts a
            WHERE a.job_id = lost.job_id AND a.lease > lost.lease AND a.claimed_at IS NOT NULL
            ORDER BY a.lease
            LIMIT 1
        ) next
        WHERE lost.outcome = 'lost'
        """
    }

    static var runsAgainSoon: QueueRule {
        QueueRule(
            "the jobs of a lost process run again within 30 seconds",
            """
            SELECT 'job ' || job_id || ' was lost with ' || label || ' and ran again after '
                   || round(extract(epoch FROM again_at - lost_at), 1) || ' s' AS example
            FROM (\(recoveries)) r
            WHERE again_at - lost_at > \(recoveryLimit.components.seconds) * interval '1 second'
            """)
    }

    static var longestRecovery: SQL {
        "SELECT (max(extract(epoch FROM again_at - lost_at)) * 1000)::bigint AS ms FROM (\(recoveries)) r"
    }
}
