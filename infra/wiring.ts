/**
 * What wakes each function. The cloud stack turns this into event sources and schedules, the laptop stack into the
 * same calls, so that both run the functions on the same occasions.
 */
export const WIRING = {
  /** Turns each new EVENT item into outbox messages. */
  events: {
    stream: { eventName: ["INSERT"], dynamodb: { NewImage: { entity: { S: ["EVENT"] } } } },
    batchSize: 100,
    maxRetries: 8,
  },
  /** Sends each message that enters the state QUEUED. */
  mail: {
    stream: {
      eventName: ["INSERT", "MODIFY"],
      dynamodb: { NewImage: { entity: { S: ["MESSAGE"] }, state: { S: ["QUEUED"] } } },
    },
    batchSize: 10,
    maxRetries: 8,
  },
  /** Does what has become due: reminders, expiries, retries, lost leases, unfinished releases and erasures. */
  due: { everyMinutes: 5 },
  /** Takes in what SES reports of each mail: sent, delivered, bounced, complained, rejected. */
  feedback: { eventBusSource: "aws.ses", maxRetries: 8 },
} as const;

/** What pages of an allowed origin may send and read. */
export const CORS = {
  methods: ["GET", "POST", "OPTIONS"],
  headers: ["authorization", "content-type", "apollo-require-preflight", "x-apollo-operation-name"],
  exposed: ["x-request-id", "retry-after"],
  maxAgeSeconds: 3600,
} as const;

/** The functions' time limits in seconds. Inside them the functions bound their own retries. */
export const TIMEOUT_SECONDS = { graphql: 20, events: 60, mail: 60, due: 120, feedback: 30 } as const;
