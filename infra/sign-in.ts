import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  UserPool,
  UserPoolEmail,
  UserPoolOperation,
  VerificationEmailStyle,
  type UserPoolClient,
} from "aws-cdk-lib/aws-cognito";
import { Policy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

import type { Alarms } from "./alarms.ts";
import { ProgramFunction } from "./function.ts";
import type { Settings } from "./settings.ts";

/**
 * Replaces whatever password an account was made with by one that nobody knows.
 * Cognito cannot forbid passwords. Without this, somebody could sign up with another person's address and a password,
 * wait until that person confirms the address with the code, and from then on come in as them.
 */
export const FORGET_PASSWORD = `
const { randomBytes } = require("node:crypto");
const cognito = require("@aws-sdk/client-cognito-identity-provider");
const client = new cognito.CognitoIdentityProviderClient({ maxAttempts: 3 });
exports.handler = async (event) => {
  const Password = randomBytes(48).toString("base64url") + "aA1-";
  await client.send(new cognito.AdminSetUserPasswordCommand({
    UserPoolId: event.userPoolId, Username: event.userName, Password, Permanent: true,
  }));
  return event;
};
`;

/** Sign-in with a code by e-mail. The functions accept this pool's ID tokens. */
export class SignIn extends Construct {
  /** The tokens' `iss`. */
  readonly issuer: string;
  readonly pool: UserPool;
  /** The app's client. Its id is the tokens' `aud`. */
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, props: { alarms: Alarms; settings: Settings }) {
    super(scope, id);
    const { programName, mailFrom, mailReplyTo, mailDomain, signInMail } = props.settings;

    this.pool = new UserPool(this, "Pool", {
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      // Cognito insists on passwords being possible; the client offers none, and the trigger below forgets any.
      signInPolicy: { allowedFirstAuthFactors: { password: true, emailOtp: true } },
      passwordPolicy: {
        minLength: 16,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      mfa: Mfa.OFF,
      accountRecovery: AccountRecovery.NONE,
      standardAttributes: { email: { required: true, mutable: true }, fullname: { required: false, mutable: true } },
      autoVerify: { email: true },
      // A changed address counts only once its owner has answered from it.
      keepOriginal: { email: true },
      userVerification: {
        emailStyle: VerificationEmailStyle.CODE,
        emailSubject: `${programName}: your code`,
        emailBody: "Your code is {####}. If you did not ask for it, you need not do anything.",
      },
      email:
        signInMail === "ses"
          ? UserPoolEmail.withSES({
              fromEmail: mailFrom,
              fromName: programName,
              replyTo: mailReplyTo,
              sesVerifiedDomain: mailDomain,
              sesRegion: Stack.of(this).region,
            })
          : UserPoolEmail.withCognito(mailReplyTo),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.pool).acknowledge(
      {
        id: "AwsSolutions-COG2",
        reason:
          "The one factor is a code to the person's mailbox, and Cognito excludes a required second one beside it.",
      },
      {
        id: "AwsSolutions-COG8",
        reason: "The Plus plan's threat protection guards passwords. Nobody has one here, and it costs by the person.",
      },
    );

    this.client = this.pool.addClient("App", {
      generateSecret: false,
      authFlows: { user: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      authSessionValidity: Duration.minutes(10),
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      readAttributes: new ClientAttributes().withStandardAttributes({
        email: true,
        emailVerified: true,
        fullname: true,
      }),
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true, fullname: true }),
    });
    this.issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${this.pool.userPoolId}`;
    this.forgetPasswords(props.alarms);
  }

  private forgetPasswords(alarms: Alarms): void {
    const forget = new ProgramFunction(this, "ForgetPassword", {
      alarms,
      description: "Makes sure that no account keeps a password",
      // Cognito waits five seconds for a trigger.
      timeoutSeconds: 5,
      memoryMegabytes: 512,
      code: { inline: Code.fromInline(FORGET_PASSWORD.trim()) },
    });
    this.pool.addTrigger(UserPoolOperation.POST_CONFIRMATION, forget.lambda);
    // A policy of its own: in the role's, the pool would wait for the function and the function for the pool.
    new Policy(this, "ForgetPasswordPolicy", {
      roles: [forget.role],
      statements: [
        new PolicyStatement({ actions: ["cognito-idp:AdminSetUserPassword"], resources: [this.pool.userPoolArn] }),
      ],
    });
  }
}
