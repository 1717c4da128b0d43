import '../../src/preview.ts';
