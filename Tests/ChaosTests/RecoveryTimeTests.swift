import Database
import Foundation
import Jobs
import Scheduler
import Testing
import Workers

/// The play has short lives; this is about those of production.
@Suite struct RecoveryTimeTests {
    @Test func `with the settings of production a lost worker's jobs are offered again within 30 seconds`() async {
        let pool = Pool(DatabaseConfiguration(url: "postgresql:///nowhere"))
        let waker = QueueWaker { _ in }
        let settings = WorkerSettings(name: "production")
        // At worst: it beat the moment before it died, each duty has just looked, and nobody hears the notification.
        let worst =
            settings.life + ReapDuty(pool: pool).interval + RescueDuty(pool: pool, waker: waker).interval
            + settings.longestPoll
        #expect(worst <= .seconds(30))
        // The leader may have died with it; another one leads before the life is over.
        let leadership = LeadershipSettings()
        #expect(leadership.term + leadership.renewal < settings.life)
        await pool.close()
    }
}
