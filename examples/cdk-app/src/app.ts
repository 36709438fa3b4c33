import { App } from 'aws-cdk-lib';
import { Platform } from './platform';

const app = new App();
new Platform(app, 'Platform');
